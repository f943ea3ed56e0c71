"""What the suites share: the server under test, pictures made at test time, the contract, and waiting with a deadline."""
