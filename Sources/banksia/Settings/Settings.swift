import BanksiaCore
import BanksiaDescriptions
import BanksiaFiles
import BanksiaIdentity
import BanksiaLibrary
import BanksiaServer
import BanksiaVision
import Foundation
import Logging

/// What the operator decided: read once at start, every mistake reported together.
struct Settings: Sendable {
    /// Where a value came from.
    enum Source: String, Sendable, Codable { case flag, environment, file, standard = "default" }

    private let values: [String: (value: String, source: Source)]

    /// Flags win over the environment, the environment over the file, the file over the defaults.
    ///
    /// - Parameters:
    ///   - flags: `--key value` or `--key=value` pairs, as typed.
    ///   - file: lines `key = value`; `#` starts a comment. Default: `banksia.conf` in the data folder, if there is one.
    init(flags: [String], environment: [String: String] = ProcessInfo.processInfo.environment, file: String? = nil)
        throws(SettingsProblem)
    {
        var objections: [String] = []
        let typed = Self.parse(flags: flags, &objections)
        let exported = Dictionary(
            uniqueKeysWithValues: Self.table.compactMap { setting in
                environment[setting.environmentName].map { (setting.key, $0) }
            })
        let dataFolder = typed["data"] ?? exported["data"] ?? "banksia-data"
        let path = file ?? environment["BANKSIA_CONFIG"] ?? "\(dataFolder)/banksia.conf"
        let written = Self.parse(fileAt: path, mustExist: file != nil || environment["BANKSIA_CONFIG"] != nil, &objections)
        var values: [String: (value: String, source: Source)] = [:]
        for setting in Self.table {
            let choice: (value: String, source: Source) =
                typed[setting.key].map { ($0, .flag) } ?? exported[setting.key].map { ($0, .environment) }
                ?? written[setting.key].map { ($0, .file) } ?? (setting.standard, .standard)
            if let objection = setting.objection(to: choice.value) {
                objections.append(
                    "\(setting.key) (\(choice.source.rawValue)): “\(setting.shown(choice.value))” \(objection)")
            }
            values[setting.key] = choice
        }
        for name in environment.keys.sorted() where name.hasPrefix("BANKSIA_") && !Self.knownNames.contains(name) {
            objections.append("\(name): there is no such setting")
        }
        guard objections.isEmpty else { throw SettingsProblem(objections: objections) }
        self.values = values
    }

    /// Names that are not rows of the table: the file itself, and what the tests and builds of this project use.
    private static var knownNames: Set<String> {
        Set(table.map(\.environmentName)).union([
            "BANKSIA_CONFIG", "BANKSIA_FIXTURES", "BANKSIA_BINARY", "BANKSIA_TEST_POSTGRES_URL", "BANKSIA_TEST_S3_URL",
        ])
    }

    private static func parse(flags: [String], _ objections: inout [String]) -> [String: String] {
        var result: [String: String] = [:]
        var rest = flags[...]
        while let flag = rest.popFirst() {
            let parts = flag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let setting = table.first(where: { $0.flag == parts[0] }) else {
                objections.append("\(parts[0]): there is no such option")
                continue
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                objections.append("\(parts[0]): a value is missing")
                continue
            }
            result[setting.key] = value
        }
        return result
    }

    private static func parse(fileAt path: String, mustExist: Bool, _ objections: inout [String]) -> [String: String] {
        // absent is the common case; wanted but unreadable is said
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            if mustExist { objections.append("\(path): the settings file cannot be read") }
            return [:]
        }
        var result: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            guard !content.isEmpty else { continue }
            let parts = content.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, table.contains(where: { $0.key == parts[0] }) else {
                objections.append("\(path), line \(index + 1): there is no setting “\(parts[0])”")
                continue
            }
            result[parts[0]] = parts[1]
        }
        return result
    }

    /// Every setting with its value, as far as it may be shown, and where that came from, in the order of the table.
    var explained: [(setting: Setting, value: String, source: Source)] {
        Self.table.map { ($0, $0.shown(text($0.key)), values[$0.key]?.source ?? .standard) }
    }

    private func text(_ key: String) -> String {
        guard let value = values[key]?.value else { preconditionFailure("\(key) is not in the settings table") }
        return value
    }

    private func number(_ key: String) -> Int {
        guard let number = Int(text(key)) else { preconditionFailure("\(key) was checked to be a number") }
        return number
    }
}

/// All mistakes in the settings at once.
struct SettingsProblem: Error, CustomStringConvertible {
    let objections: [String]
    var description: String { "The settings cannot be used:\n" + objections.map { "  \($0)" }.joined(separator: "\n") }
}

// The typed face of the table.
extension Settings {
    var dataFolder: String { URL(filePath: text("data")).standardizedFileURL.path }
    var host: String { text("host") }
    var port: Int { number("port") }
    var publicURL: String? { text("public-url").isEmpty ? nil : text("public-url") }
    var trustedProxies: [AddressRange] { Setting.words(text("trusted-proxies")).compactMap { AddressRange($0) } }
    var limits: RequestLimits {
        RequestLimits(
            ordinary: number("limit-requests"), uploads: number("limit-uploads"), media: number("limit-media"),
            anonymous: number("limit-anonymous"))
    }
    var hasSignIn: Bool { text("sign-in") == "on" }
    var redirects: RedirectList { RedirectList(text("oauth-redirects")) }
    /// How this server is known at an OpenID provider; `nil` when there is none.
    var registration: OpenIDClient.Registration? {
        text("oidc-issuer").isEmpty
            ? nil
            : OpenIDClient.Registration(
                issuer: text("oidc-issuer"), clientID: text("oidc-client-id"), clientSecret: text("oidc-client-secret"))
    }
    var takesNewUsers: Bool { text("oidc-new-users") == "on" }
    var firstUser: String { text("first-user") }
    var logLevel: Logger.Level { Logger.Level(rawValue: text("log-level")) ?? .info }
    var maximumUploadBytes: Int64 { Int64(number("max-upload")) << 20 }
    var libraryRetention: Duration { .seconds(number("library-retention-days") * 86_400) }
    var trashRetention: Duration { .seconds(number("trash-retention-days") * 86_400) }
    var undoRetention: Duration { .seconds(number("undo-days") * 86_400) }
    var runsJobs: Bool { text("jobs") == "on" }
    var workers: Int { number("workers") }
    var childMemoryBytes: Int { number("child-memory") << 20 }
    var childIdle: Duration { .seconds(number("child-idle")) }
    var decodeTimeout: Duration { .seconds(number("decode-timeout")) }
    var faceSearch: FaceSearch {
        FaceSearch(
            detail: number("face-detail"), limits: FaceLimits(score: Float(number("face-score")) / 100, size: number("face-size"))
        )
    }
    /// Who describes pictures; `nil` when nobody does.
    var describer: DescriberSettings? {
        text("describe-url").isEmpty
            ? nil
            : DescriberSettings(
                url: text("describe-url"), key: text("describe-key"), model: text("describe-model"),
                prompt: text("describe-prompt"), language: text("describe-language"), perMinute: number("describe-per-minute"),
                width: number("describe-concurrency"), timeout: .seconds(number("describe-timeout")))
    }
    var readsText: Bool { text("read-text") == "on" }
    var maximumPixels: Int { number("max-megapixels") * 1_000_000 }
    var modelPack: String { text("model-pack") }

    /// Where PostgreSQL is; `nil` for SQLite in the data folder.
    var databaseURL: String? { text("database").isEmpty ? nil : text("database") }
    var databaseConnections: Int { number("database-connections") }
    /// Whether originals lie in a bucket.
    var usesBucket: Bool { !text("store").isEmpty }
    /// The bucket that originals lie in.
    ///
    /// - Throws: `S3SettingsProblem`.
    func bucket() throws(S3SettingsProblem) -> S3Settings {
        let parts = text("store").dropFirst("s3://".count).split(separator: "/", maxSplits: 1).map(String.init)
        return try S3Settings(
            bucket: parts.first ?? "", prefix: parts.count > 1 ? parts[1] : "",
            endpoint: text("s3-endpoint").isEmpty ? nil : text("s3-endpoint"), region: text("s3-region"),
            accessKey: text("s3-access-key"), secretKey: text("s3-secret-key"), isPathStyle: text("s3-path-style") == "on")
    }
    var bucketCacheBytes: Int64 { Int64(number("s3-cache")) << 20 }
    var databasePath: String { "\(dataFolder)/banksia.sqlite" }
    var filesFolder: String { "\(dataFolder)/files" }
    var indexFolder: String { "\(dataFolder)/indexes" }
    var scratchFolder: String { "\(dataFolder)/scratch" }
    /// Where packs are installed to, and the first place they are looked for.
    var ownModelsFolder: String { "\(dataFolder)/models" }

    var modelFolders: [String] {
        text("models").isEmpty
            ? [ownModelsFolder] + Installation.folders.map { "\($0)/models" } : [text("models"), ownModelsFolder]
    }

    /// Where the file of places may lie; the first that exists counts.
    var placesFiles: [String] {
        text("places").isEmpty ? ([dataFolder] + Installation.folders).map { "\($0)/places/world.places" } : [text("places")]
    }

    var runtimeLibrary: String? { text("runtime").isEmpty ? Installation.runtimeLibrary : text("runtime") }
}
