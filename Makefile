# make help lists the targets. Everything needs Go 1.26; what the tests need
# besides, `make test` installs or names.

GO          ?= go
FUZZTIME    ?= 20s
FUZZ        ?= .
PKG         ?= ./...
BENCH       ?= .
# The newest staticcheck as of 2026-11; go run fetches and keeps it.
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help build demo test lint bench fuzz clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

build: ## bin/duosub
	$(GO) build -trimpath -ldflags='-s -w' -o bin/duosub ./cmd/duosub

demo: build ## both vlogs through queue and worker, from a memory: no key, no cost
	./scripts/demo.sh

test: ## everything with the race detector; a missing program is a failure
	./scripts/test-programs.sh
	DUOSUB_REQUIRE=1 $(GO) test -race -timeout 20m ./...

lint: ## gofmt, go vet, staticcheck, import directions, licences of what is linked
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w is wanted for:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) test ./internal/archtest
	$(GO) run ./internal/licences ./cmd/duosub

bench: ## benchmarks of all packages; BENCH=regexp chooses
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

fuzz: ## every fuzz target for FUZZTIME (20s); FUZZ=regexp and PKG=packages choose
	FUZZTIME=$(FUZZTIME) FUZZ='$(FUZZ)' PKG='$(PKG)' ./scripts/fuzz.sh

clean: ## what build and demo made
	rm -rf bin demo
