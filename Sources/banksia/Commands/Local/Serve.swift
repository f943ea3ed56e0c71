import ArgumentParser
import BanksiaCore
import BanksiaFiles
import BanksiaIdentity
import BanksiaLibrary
import BanksiaProcesses
import BanksiaServer
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs the server, and with it the background work.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: "The first start on an empty folder makes an account with its library and prints a key, once.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        Heaps.limit()
        let settings = try options.load()
        let folder = try FolderLock(settings.dataFolder)
        defer { folder.release() }
        let assembly = try await Assembly.open(settings)
        let leftovers = try await assembly.files.sweepStaging()
        if leftovers > 0 { assembly.logger.info("removed files of interrupted uploads", metadata: ["count": "\(leftovers)"]) }
        let firstKey = try await assembly.library.accounts.provision(User.Email(settings.firstUser))
        // At once: nothing shows it again, should this start get no further.
        if let firstKey { Announcement.print(key: firstKey) }
        let link = firstKey == nil ? nil : try await assembly.firstSetupLink()
        if settings.registration?.issuer.hasPrefix("http://") == true {
            assembly.logger.warning("the identity provider is asked without TLS: who sits between can sign in as anybody")
        }
        try await assembly.library.models.chooseFirst(preferring: settings.modelPack)
        let server = try await BanksiaServer(
            configuration: ServerConfiguration(
                host: settings.host, port: settings.port, publicURL: settings.publicURL,
                maximumUploadBytes: settings.maximumUploadBytes, trustedProxies: settings.trustedProxies),
            library: assembly.library, files: assembly.files,
            limiter: RequestLimiter(settings.limits, counts: assembly.requestCounts()), logger: assembly.logger
        ) { port in
            Announcement(host: settings.host, port: port, publicURL: settings.publicURL, setupLink: link).print()
        }
        var services: [any Service] = [Maintenance(assembly: assembly), server]
        if settings.runsJobs { services.insert(assembly.runner(), at: 0) }
        let group = ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: assembly.logger)
        try await group.run()
        await assembly.close()
    }
}

/// What a start says on standard output: on the first one the key, and where the server is.
private struct Announcement {
    let host: String
    let port: Int
    let publicURL: String?
    let setupLink: String?

    func print() {
        var lines = ["Listening on \(SetupLink.origin(host: host, port: port))"]
        if let publicURL { lines.append("Public address: \(publicURL)") }
        if let setupLink {
            lines.append("Set your password: \(SetupLink.url(host: host, port: port, publicURL: publicURL, secret: setupLink))")
        }
        Self.write(lines)
    }

    static func print(key: String) {
        write(["API key: \(key)", "The key is shown this once; `banksia key create` makes others."])
    }

    /// Written at once: standard output is block-buffered when it is a pipe, and a script waits for these lines.
    private static func write(_ lines: [String]) {
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}

extension Assembly {
    /// The link with which the first account gets its password, where there is a page for it.
    fileprivate func firstSetupLink() async throws -> String? {
        guard settings.hasSignIn else { return nil }
        let user = try await library.accounts.user(withEmail: User.Email(settings.firstUser))
        return try await library.signIn.makeSetupLink(for: user.id)
    }
}

/// The address under which somebody sets a password.
enum SetupLink {
    static func url(host: String, port: Int, publicURL: String?, secret: String) -> String {
        let origin = publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? origin(host: host, port: port)
        return "\(origin)/signin/setup/\(secret)"
    }

    /// Where the server is reached from this machine.
    static func origin(host: String, port: Int) -> String {
        let reachable = host == "0.0.0.0" || host == "::" ? "localhost" : host
        return "http://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)"
    }
}
