#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The program that a child runs.
public struct ChildCommand: Sendable, Hashable {
    /// An absolute path, or a name that is looked up in `PATH`.
    public var executable: String
    /// What follows the program's name.
    public var arguments: [String]
    /// Added to the few inherited variables (`inheritedVariables`), and stronger than they.
    public var environment: [String: String]

    /// A command from its parts.
    public init(executable: String, arguments: [String] = [], environment: [String: String] = [:]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// What a child gets of this process's environment: enough to find programs and libraries, and none of the secrets
    /// that a server is configured with.
    public static let inheritedVariables = ["PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH"]

    /// The absolute path of the executable, `nil` when there is no such program.
    public var resolvedExecutable: String? {
        if executable.contains("/") { return isExecutable(executable) ? executable : nil }
        let folders = (Self.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return folders.lazy.map { "\($0)/\(executable)" }.first(where: isExecutable)
    }

    private func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    /// The whole environment of the child, as `KEY=value`.
    var environmentLines: [String] {
        var all = environment
        for name in Self.inheritedVariables where all[name] == nil { all[name] = Self.variable(name) }
        return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
