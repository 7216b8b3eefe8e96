package server

import (
	"net/http"

	"github.com/duosub/duosub/subtitles"
	"github.com/duosub/duosub/subtitles/media"
	"github.com/duosub/duosub/translate"
	"github.com/duosub/duosub/worker"
)

// Codes of HTTP itself, beside those of the packages below.
const (
	codeNotFound           = worker.CodeNotFound
	codeUnauthorized       = worker.Code("unauthorized")
	codeHostNotAllowed     = worker.Code("host_not_allowed")
	codeOriginNotAllowed   = worker.Code("origin_not_allowed")
	codeMethodNotAllowed   = worker.Code("method_not_allowed")
	codeUnsupportedMedia   = worker.Code("unsupported_media_type")
	codeTimeout            = worker.Code("request_timeout")
	codeIdempotencyReused  = worker.Code("idempotency_conflict")
	codeIdempotencyPending = worker.Code("idempotency_in_progress")
	codePreconditionFailed = worker.Code("precondition_failed")
	codeRangeNotThere      = worker.Code("range_not_satisfiable")
)

// A kind is what HTTP makes of a code.
type kind struct {
	status int
	title  string
}

// kinds is the one place where codes become HTTP statuses. Codes of the
// packages below pass through unchanged; those which a caller cannot mend by
// asking differently are in the 500s, whatever the provider's own status was:
// a backend's wrong key is not the caller's 401.
var kinds = map[worker.Code]kind{
	worker.CodeBadRequest:       {http.StatusBadRequest, "The request is not understood"},
	worker.CodeUnknownPair:      {http.StatusUnprocessableEntity, "Unknown language pair"},
	worker.CodeNotFound:         {http.StatusNotFound, "Not found"},
	worker.CodeSourceNotAllowed: {http.StatusForbidden, "This source is not allowed"},
	worker.CodeSourceNotFound:   {http.StatusUnprocessableEntity, "There is nothing at the source's address"},
	worker.CodeSourceFailed:     {http.StatusBadGateway, "The source cannot be read"},
	worker.CodeTooLarge:         {http.StatusRequestEntityTooLarge, "Too large"},
	worker.CodeUnknownBackend:   {http.StatusUnprocessableEntity, "Unknown backend"},
	worker.CodeUnknownGlossary:  {http.StatusUnprocessableEntity, "Unknown glossary"},
	worker.CodeUnknownProfile:   {http.StatusUnprocessableEntity, "Unknown profile"},
	worker.CodeCanceled:         {http.StatusConflict, "Canceled"},
	worker.CodeConflict:         {http.StatusConflict, "Conflict"},
	worker.CodeUnavailable:      {http.StatusServiceUnavailable, "Not available now"},
	worker.CodeInternal:         {http.StatusInternalServerError, "Internal error"},

	worker.Code(subtitles.ErrEmpty):           {http.StatusUnprocessableEntity, "The file is empty"},
	worker.Code(subtitles.ErrNotSubtitles):    {http.StatusUnprocessableEntity, "The file holds no subtitles"},
	worker.Code(subtitles.ErrEncoding):        {http.StatusUnprocessableEntity, "Unknown text encoding"},
	worker.Code(subtitles.ErrNoCues):          {http.StatusUnprocessableEntity, "The file holds no cues"},
	worker.Code(subtitles.ErrMalformed):       {http.StatusUnprocessableEntity, "The file cannot be parsed"},
	worker.Code(subtitles.ErrUnknownLanguage): {http.StatusUnprocessableEntity, "The language cannot be told"},

	worker.Code(media.KindNoTextTrack):    {http.StatusUnprocessableEntity, "The video holds no text track"},
	worker.Code(media.KindNoSuchTrack):    {http.StatusUnprocessableEntity, "The video holds no such track"},
	worker.Code(media.KindBadVideo):       {http.StatusUnprocessableEntity, "The file cannot be read as a video"},
	worker.Code(media.KindBadPlaylist):    {http.StatusUnprocessableEntity, "The playlist cannot be read"},
	worker.Code(media.KindNotFetched):     {http.StatusUnprocessableEntity, "The playlist's files cannot be fetched"},
	worker.Code(media.KindTimeout):        {http.StatusUnprocessableEntity, "The video takes too long to read"},
	worker.Code(media.KindProgramMissing): {http.StatusServiceUnavailable, "A program that is needed is not installed"},

	worker.Code(translate.KindTransient):   {http.StatusServiceUnavailable, "The backend does not answer"},
	worker.Code(translate.KindRateLimited): {http.StatusTooManyRequests, "The backend asks to wait"},
	worker.Code(translate.KindQuota):       {http.StatusServiceUnavailable, "The backend's quota is used up"},
	worker.Code(translate.KindAuth):        {http.StatusServiceUnavailable, "The backend refuses its credentials"},
	worker.Code(translate.KindInvalid):     {http.StatusServiceUnavailable, "The backend is not set up right"},
	worker.Code(translate.KindUnsupported): {http.StatusUnprocessableEntity, "The backend does not know these languages"},
	worker.Code(translate.KindTooLong):     {http.StatusRequestEntityTooLarge, "Too long for the backend"},
	worker.Code(translate.KindRefused):     {http.StatusUnprocessableEntity, "The backend refuses this text"},
	worker.Code(translate.KindBadOutput):   {http.StatusBadGateway, "The backend answered nonsense"},

	codeUnauthorized:       {http.StatusUnauthorized, "A token is needed"},
	codeHostNotAllowed:     {http.StatusForbidden, "This host is not allowed"},
	codeOriginNotAllowed:   {http.StatusForbidden, "This origin is not allowed"},
	codeMethodNotAllowed:   {http.StatusMethodNotAllowed, "This method is not allowed here"},
	codeUnsupportedMedia:   {http.StatusUnsupportedMediaType, "This type of body is not read"},
	codeTimeout:            {http.StatusRequestTimeout, "The request took too long to arrive"},
	codeIdempotencyReused:  {http.StatusUnprocessableEntity, "The Idempotency-Key was used for something else"},
	codeIdempotencyPending: {http.StatusConflict, "The first request with this Idempotency-Key is under way"},
	codePreconditionFailed: {http.StatusPreconditionFailed, "The output is another one by now"},
	codeRangeNotThere:      {http.StatusRequestedRangeNotSatisfiable, "The output has no such bytes"},
}
