// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target of ours: Swift 6 mode is the tools version's default; warnings are errors.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]
/// Engine targets that touch C: `unsafe` is then a word one can search for.
let engine: [SwiftSetting] = house + [.strictMemorySafety()]

let package = Package(
    name: "banksia",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "banksia", targets: ["banksia"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // The edge and the executable
        .executableTarget(
            name: "banksia",
            dependencies: [
                "BanksiaServer", "BanksiaLibrary", "BanksiaJobs", "BanksiaSQL", "BanksiaFiles", "BanksiaMedia",
                "BanksiaVision", "BanksiaPlaces", "BanksiaProcesses", "BanksiaIdentity", "BanksiaDescriptions", "BanksiaCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .target(
            name: "BanksiaServer",
            dependencies: [
                // Jobs, Media and Identity for the values of theirs that the library hands out.
                "BanksiaAPI", "BanksiaContract", "BanksiaLibrary", "BanksiaJobs", "BanksiaFiles", "BanksiaMedia",
                "BanksiaIdentity",
                "BanksiaCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: house),
        .target(name: "BanksiaContract", path: "api", resources: [.copy("openapi.yaml")], swiftSettings: house),
        .target(
            name: "BanksiaAPI",
            dependencies: ["BanksiaCore", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: house),

        // The domain
        .target(
            name: "BanksiaLibrary",
            dependencies: [
                "BanksiaJobs", "BanksiaSQL", "BanksiaFiles", "BanksiaMedia", "BanksiaVision", "BanksiaPlaces", "BanksiaIdentity",
                "BanksiaDescriptions", "BanksiaCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        // The engines
        .target(
            name: "BanksiaJobs",
            dependencies: [
                "BanksiaSQL", "BanksiaCore",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .target(
            name: "BanksiaSQL",
            dependencies: [
                "BanksiaCore", "CPostgres",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: engine),
        .target(
            name: "BanksiaFiles",
            dependencies: [
                "BanksiaCore", "CSparseFile",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .target(
            name: "BanksiaIdentity",
            dependencies: [
                "BanksiaHTTP", "BanksiaCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .target(name: "BanksiaDescriptions", dependencies: ["BanksiaHTTP", "BanksiaCore"], swiftSettings: house),
        .target(
            name: "BanksiaHTTP",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .target(
            name: "BanksiaMedia",
            dependencies: [
                "BanksiaProcesses", "BanksiaCore", "CVipsShim", "CLibRawShim", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: engine),
        .target(
            name: "BanksiaVision",
            dependencies: [
                "BanksiaProcesses", "BanksiaCore", "COnnxRuntime", "CSentencePieceShim", "CVectorScan",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: engine),
        .target(
            name: "BanksiaPlaces",
            dependencies: ["BanksiaCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: engine),
        .target(
            name: "BanksiaProcesses",
            dependencies: ["BanksiaCore", "CProcess", .product(name: "Logging", package: "swift-log")],
            swiftSettings: engine),
        .target(name: "BanksiaCore", swiftSettings: house),

        // C libraries, each used by one engine
        .systemLibrary(
            name: "CPostgres", path: "Sources/C/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CVips", path: "Sources/C/CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .target(name: "CVipsShim", dependencies: ["CVips"], path: "Sources/C/CVipsShim"),
        .systemLibrary(name: "CLibRaw", path: "Sources/C/CLibRaw", pkgConfig: "libraw", providers: [.apt(["libraw-dev"])]),
        .target(name: "CLibRawShim", dependencies: ["CLibRaw"], path: "Sources/C/CLibRawShim"),
        .target(
            name: "COnnxRuntime", path: "Sources/C/COnnxRuntime",
            linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(
            name: "CSentencePieceShim", path: "Sources/C/CSentencePieceShim",
            linkerSettings: [.linkedLibrary("sentencepiece")]),
        .target(name: "CVectorScan", path: "Sources/C/CVectorScan"),
        .target(name: "CSparseFile", path: "Sources/C/CSparseFile"),
        .target(name: "CProcess", path: "Sources/C/CProcess"),

        // Tests
        .target(
            name: "BanksiaTestKit",
            dependencies: [
                "BanksiaLibrary", "BanksiaJobs", "BanksiaSQL", "BanksiaFiles", "BanksiaMedia", "BanksiaVision",
                "BanksiaPlaces", "BanksiaProcesses", "BanksiaIdentity", "BanksiaCore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/BanksiaTestKit",
            swiftSettings: house),
        .testTarget(name: "BanksiaCoreTests", dependencies: ["BanksiaCore", "BanksiaTestKit"], swiftSettings: house),
        .testTarget(name: "BanksiaSQLTests", dependencies: ["BanksiaSQL", "BanksiaTestKit"], swiftSettings: house),
        .testTarget(name: "BanksiaJobsTests", dependencies: ["BanksiaJobs", "BanksiaTestKit"], swiftSettings: house),
        .testTarget(
            name: "BanksiaFilesTests",
            dependencies: [
                "BanksiaFiles", "BanksiaCore", "BanksiaTestKit",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "BanksiaHTTPTests",
            dependencies: [
                "BanksiaHTTP", "BanksiaTestKit", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "BanksiaDescriptionsTests", dependencies: ["BanksiaDescriptions", "BanksiaCore"], swiftSettings: house),
        .testTarget(
            name: "BanksiaPlacesTests", dependencies: ["BanksiaPlaces", "BanksiaCore", "BanksiaTestKit"], swiftSettings: house),
        .executableTarget(
            name: "ChildFixture",
            dependencies: ["BanksiaMedia", "BanksiaProcesses", "BanksiaCore", .product(name: "Logging", package: "swift-log")],
            path: "Tests/ChildFixture",
            swiftSettings: house),
        .testTarget(
            name: "BanksiaProcessesTests",
            dependencies: ["BanksiaProcesses", "ChildFixture", .product(name: "Logging", package: "swift-log")],
            swiftSettings: house),
        .testTarget(
            name: "BanksiaMediaTests",
            dependencies: [
                "BanksiaMedia", "BanksiaProcesses", "BanksiaCore", "BanksiaTestKit", "ChildFixture",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "BanksiaIdentityTests",
            dependencies: [
                "BanksiaIdentity", "BanksiaCore", "BanksiaTestKit", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(name: "BanksiaVisionTests", dependencies: ["BanksiaVision", "BanksiaTestKit"], swiftSettings: house),
        .testTarget(
            name: "BanksiaLibraryTests",
            dependencies: [
                "BanksiaLibrary", "BanksiaIdentity", "BanksiaTestKit", "banksia", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: house),
        .testTarget(
            name: "BanksiaServerTests",
            dependencies: [
                "BanksiaServer", "BanksiaAPI", "BanksiaLibrary", "BanksiaFiles", "BanksiaCore", "BanksiaTestKit",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "HouseTests",
            dependencies: [
                "BanksiaServer", "BanksiaAPI", "BanksiaContract", "BanksiaLibrary", "BanksiaCore",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: house),
    ]
)
