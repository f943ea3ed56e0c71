import Foundation
import Testing

/// What the compiler cannot see of the house: which target may know which, and that files stay readable.
@Suite("Sources") struct SourcesTests {
    private struct Source {
        let target: String
        let path: String
        let text: String

        /// The modules that its import lines name.
        var imports: Set<String> {
            Set(
                text.split(separator: "\n").compactMap { line in
                    let words = line.split(separator: " ").map(String.init)
                    guard let index = words.firstIndex(of: "import"), words[..<index].allSatisfy({ Self.mayPrecede.contains($0) })
                    else { return nil }
                    let kinds: Set = ["struct", "enum", "class", "func", "protocol"]
                    return words.dropFirst(index + 1).first { !kinds.contains($0) }?.split(separator: ".").first.map(String.init)
                })
        }

        private static let mayPrecede: Set = [
            "public", "package", "internal", "private", "fileprivate", "@testable", "@preconcurrency",
        ]
    }

    private let sources: [Source]

    init() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Sources")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        sources = try names.map { name in
            Source(
                target: String(name.prefix { $0 != "/" }), path: name,
                text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
        try #require(!sources.isEmpty)
    }

    /// Which of our targets each target may import: the arrows of ARCHITECTURE.md.
    private static let arrows: [String: Set<String>] = [
        "banksia": [
            "BanksiaServer", "BanksiaLibrary", "BanksiaJobs", "BanksiaSQL", "BanksiaFiles", "BanksiaMedia", "BanksiaVision",
            "BanksiaPlaces", "BanksiaProcesses", "BanksiaIdentity", "BanksiaDescriptions", "BanksiaCore",
        ],
        "BanksiaServer": [
            "BanksiaAPI", "BanksiaContract", "BanksiaLibrary", "BanksiaJobs", "BanksiaFiles", "BanksiaMedia", "BanksiaIdentity",
            "BanksiaCore",
        ],
        "BanksiaAPI": ["BanksiaCore"],
        "BanksiaLibrary": [
            "BanksiaJobs", "BanksiaSQL", "BanksiaFiles", "BanksiaMedia", "BanksiaVision", "BanksiaPlaces", "BanksiaIdentity",
            "BanksiaDescriptions",
            "BanksiaCore",
        ],
        "BanksiaIdentity": ["BanksiaHTTP", "BanksiaCore"], "BanksiaDescriptions": ["BanksiaHTTP", "BanksiaCore"],
        "BanksiaHTTP": [],
        "BanksiaJobs": ["BanksiaSQL", "BanksiaCore"],
        "BanksiaSQL": ["BanksiaCore"],
        "BanksiaFiles": ["BanksiaCore"],
        "BanksiaMedia": ["BanksiaProcesses", "BanksiaCore"],
        "BanksiaVision": ["BanksiaProcesses", "BanksiaCore"],
        "BanksiaPlaces": ["BanksiaCore"],
        "BanksiaProcesses": ["BanksiaCore"],
        "BanksiaCore": [],
    ]

    /// Modules that stay inside the targets named.
    private static let confined: [String: Set<String>] = [
        "Hummingbird": ["BanksiaServer"], "HummingbirdCore": ["BanksiaServer"], "HTTPTypes": ["BanksiaServer"],
        // some ask others over HTTP
        "NIOHTTP1": ["BanksiaServer", "BanksiaFiles", "BanksiaHTTP", "banksia"],
        "NIOHTTPTypes": ["BanksiaServer"], "GRDB": ["BanksiaSQL"], "CVips": [], "CVipsShim": ["BanksiaMedia"],
        "CLibRaw": [], "CLibRawShim": ["BanksiaMedia"],
        "COnnxRuntime": ["BanksiaVision"], "CSentencePieceShim": ["BanksiaVision"], "CVectorScan": ["BanksiaVision"],
        "CProcess": ["BanksiaProcesses"],
        "CSparseFile": ["BanksiaFiles"],
        "AsyncHTTPClient": ["BanksiaFiles", "BanksiaHTTP", "banksia"], "JWTKit": ["BanksiaIdentity"],
        "CryptoExtras": ["BanksiaIdentity"], "ArgumentParser": ["banksia"],
    ]

    @Test func `arrows point down`() throws {
        for source in sources {
            let allowed = try #require(Self.arrows[source.target], "\(source.target) is not on the map")
            let ours = source.imports.filter { Self.arrows[$0] != nil || $0 == "BanksiaContract" }
            #expect(ours.isSubset(of: allowed), "\(source.path)")
        }
    }

    @Test func `what must not leak stays inside its target`() {
        for source in sources {
            for module in source.imports {
                if let homes = Self.confined[module] {
                    #expect(homes.contains(source.target), "\(source.path) imports \(module)")
                }
            }
        }
    }

    @Test func `files stay readable`() {
        let lengths = sources.map {
            (path: $0.path, lines: $0.text.split(separator: "\n", omittingEmptySubsequences: false).count)
        }
        for file in lengths { #expect(file.lines <= 300, "\(file.path) has \(file.lines) lines: split it by idea") }
        let sorted = lengths.map(\.lines).sorted()
        #expect(sorted[sorted.count / 2] <= 110, "the middle file has \(sorted[sorted.count / 2]) lines")
    }

    /// Folders of the library whose features change what is in libraries; each such change holds the library's lock.
    private static let locking: Set = ["Albums", "Assets", "Libraries", "People", "Pipeline", "Sharing", "Stacks", "Versions"]
    private static let ownLocks = [
        "Assets/Originals.swift": "locks the content of a file, and the library only when a row comes with it",
        "Libraries/Libraries.swift": "locks an owner, for which libraries they have",
        "Pipeline/Rebuild.swift": "enqueues jobs, and changes nothing else",
    ]

    @Test func `whatever changes a library holds its lock`() {
        for source in sources where source.target == "BanksiaLibrary" {
            let path = String(source.path.dropFirst("BanksiaLibrary/".count))
            guard Self.locking.contains(String(path.prefix { $0 != "/" })), Self.ownLocks[path] == nil else { continue }
            #expect(!source.text.contains("database.write"), "\(source.path): see Database+Change.swift")
        }
    }

    @Test func `nothing is left unfinished`() {
        for source in sources {
            for mark in ["TO" + "DO", "FIX" + "ME"] { #expect(!source.text.contains(mark), "\(source.path) says \(mark)") }
        }
    }
}
