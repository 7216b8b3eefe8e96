package server

import (
	_ "embed"
	"net/http"
)

// OpenAPI describes the HTTP API (OpenAPI 3.1), and nothing that it has not.
//
//go:embed openapi.json
var OpenAPI []byte

// getOpenAPI answers the description.
func (s *Server) getOpenAPI(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, OpenAPI)
}
