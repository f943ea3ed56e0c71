import ArgumentParser

/// Brings the schema of a data folder up to date. `serve` does the same at its start.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database up to date.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let assembly = try await presenting { try await Assembly.open(try options.load()) }
        print(
            "The database is up to date: \(assembly.settings.databaseURL == nil ? assembly.settings.databasePath : "PostgreSQL")."
        )
        await assembly.close()
    }
}
