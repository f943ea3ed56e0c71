# The commands of this house. `make serve` and `make test` start from a fresh machine; see README.md.
.PHONY: serve test build bench fmt goldens clean setup

serve: setup build
	.build/release/banksia serve --data ./banksia-data

test:
	@scripts/setup test
	@.venv-tests/bin/python scripts/test

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
	rm -rf .venv-tests .venv-seed .venv-services .venv-bench
