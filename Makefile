# The commands of this house. `make serve` and `make test` start from a fresh machine; see README.md.
.PHONY: serve test fuzz build bench fmt goldens clean setup

serve: setup build
	.build/release/banksia serve --data ./banksia-data

test:
	@scripts/setup test
	@.venv-tests/bin/python scripts/test

# Five minutes of damaged inputs for each parser of our own and for the readers of media, all at once, then of the fuzzer on each
# engine, against a debug build; FUZZ_SECONDS and FUZZ_SEED change time and seed.
fuzz:
	@scripts/setup test
	swift build --product banksia
	FUZZ_SECONDS=$${FUZZ_SECONDS:-300} swift test --filter FuzzTests
	@for engine in embedded scaled; do FUZZ_SECONDS=$${FUZZ_SECONDS:-300} .venv-fuzz/bin/python -m pytest -q -s --engine $$engine Tests/Python/fuzz || exit 1; done

setup:
	@scripts/setup

build:
	swift build -c release --product banksia

# With ENGINE=postgres: what a database and a store are asked most, on PostgreSQL and S3.
bench:
	@scripts/setup bench
	swift build -c release --product banksia
	@ENGINE=$(ENGINE) .venv-bench/bin/python -m bench

fmt:
	swift format -i -r Sources Tests api Package.swift

# Writes the texts in Tests/Goldens anew; read the difference like code.
# PostgreSQL's page: the same with BANKSIA_TEST_ENGINE=scaled and BANKSIA_TEST_POSTGRES_URL set.
goldens:
	REWRITE_GOLDENS=1 swift test --filter SchemaTests

# Leaves photos (banksia-data), downloads and the model pack alone.
clean:
	swift package clean
	rm -rf .venv-tests .venv-first .venv-seed .venv-adapter .venv-fuzz .venv-services .venv-bench
