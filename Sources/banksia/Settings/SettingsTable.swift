import Foundation

extension Settings {
    /// All settings. A new one is one row here and one property in `Settings`.
    static let table: [Setting] = [
        Setting(
            "data", .path, default: "banksia-data", "Folder that holds everything: database, originals, renditions, indexes."),
        Setting(
            "database", .address(["postgresql://", "postgres://"]), default: "",
            "A PostgreSQL database, as a libpq URL. Empty: SQLite in the data folder."),
        Setting(
            "database-connections", .integer(1...500), unit: "connections", default: "8",
            "Connections that one process keeps to PostgreSQL."),
        Setting(
            "store", .address(["s3://"]), default: "",
            "A bucket for originals and renditions, `s3://bucket/prefix`. Empty: folders in the data folder."),
        Setting(
            "s3-endpoint", .url, default: "", "Where the bucket is. Empty: Amazon's address for the region."),
        Setting("s3-region", .text, default: "us-east-1", "The region that requests to the bucket are signed for."),
        Setting("s3-access-key", .text, default: "", "Which key requests to the bucket are signed with."),
        Setting("s3-secret-key", .secret, default: "", "The secret of that key."),
        Setting(
            "s3-path-style", .choice(["on", "off"]), default: "off",
            "Whether the bucket's name is the first part of the path instead of the host's name; many servers want it."),
        Setting(
            "s3-cache", .integer(64...1_000_000), unit: "MiB", default: "2048",
            "Local room for originals that are being worked on, where they lie in a bucket."),
        Setting("host", .text, default: "127.0.0.1", "Address to listen at; 0.0.0.0 for all of this machine's."),
        Setting("port", .integer(0...65_535), default: "8080", "Port to listen at; 0 takes a free one."),
        Setting(
            "public-url", .url, default: "",
            "Address under which clients reach the server; it stands in media URLs. Empty: as the request says."),
        Setting(
            "trusted-proxies", .addresses, default: "127.0.0.1,::1",
            "Proxies that are believed when they say whom they ask for: addresses, or ranges such as 10.0.0.0/8. Limits count by it."
        ),
        Setting(
            "limit-requests", .integer(0...10_000_000), unit: "requests", default: "30000",
            "Ordinary requests that one credential may make in a minute; 0: any number."),
        Setting(
            "limit-uploads", .integer(0...10_000_000), unit: "requests", default: "6000",
            "Uploads that one credential may make in a minute; 0: any number."),
        Setting(
            "limit-media", .integer(0...10_000_000), unit: "requests", default: "60000",
            "Pictures and videos that one credential, or one address with signed links, may fetch in a minute; 0: any number."),
        Setting(
            "limit-anonymous", .integer(0...10_000_000), unit: "requests", default: "3000",
            "Requests without a credential that holds, from one address in a minute; 0: any number."),
        Setting(
            "sign-in", .choice(["on", "off"]), default: "on",
            "Whether this server has a sign-in page of its own; where no `oidc-issuer` is set, it is what programs use."),
        Setting(
            "oauth-redirects", .text, default: "http://localhost:*/*,http://127.0.0.1:*/*",
            "Where programs may have people sent back to after a sign-in: addresses with commas between, `/*` at the end covers all below."
        ),
        Setting(
            "oidc-issuer", .url, default: "", "An OpenID provider that signs people in for programs. Empty: this server itself."),
        Setting("oidc-client-id", .text, default: "", "How this server is known at that provider."),
        Setting("oidc-client-secret", .secret, default: "", "The secret for it; empty for a public client."),
        Setting(
            "oidc-new-users", .choice(["on", "off"]), default: "on",
            "Whether whoever that provider knows gets an account at the first sign-in."),
        Setting("first-user", .text, default: "owner@example.com", "E-mail address of the account that the first start makes."),
        Setting(
            "log-level", .choice(["trace", "debug", "info", "notice", "warning", "error"]), default: "info",
            "How much goes to the log."),
        Setting(
            "library-retention-days", .integer(1...36_500), unit: "days", default: "90",
            "How long a library stays in the trash before it is deleted for good."),
        Setting(
            "trash-retention-days", .integer(1...36_500), unit: "days", default: "90",
            "How long photos and videos stay in the trash before they are deleted for good."),
        Setting(
            "undo-days", .integer(1...3650), unit: "days", default: "30",
            "How long corrections of people and faces can be undone; the last 1,000 of each library at most."),
        Setting("max-upload", .integer(1...1_000_000), unit: "MiB", default: "51200", "Largest file that is taken."),
        Setting(
            "jobs", .choice(["on", "off"]), default: "on",
            "Whether `serve` also does background work; off when workers of their own do."),
        Setting(
            "workers", .integer(1...64), unit: "processes",
            default: "\(max(1, min(64, ProcessInfo.processInfo.activeProcessorCount)))",
            "Child processes for decoding, and as many for models."),
        Setting(
            "child-memory", .integer(256...65_536), unit: "MiB", default: "3072",
            "Address space that one child process may use; a file that needs more fails."),
        Setting(
            "child-idle", .integer(1...86_400), unit: "s", default: "30",
            "After this time without work a child process ends and its memory returns."),
        Setting("decode-timeout", .integer(1...3600), unit: "s", default: "60", "Longest time for decoding one file."),
        Setting(
            "max-megapixels", .integer(1...2000), unit: "megapixels", default: "300",
            "Largest picture that is decoded; larger ones are kept, without renditions."),
        Setting(
            "face-detail", .integer(640...4000), unit: "pixels", default: "1600",
            "Longest edge at which a picture is looked through for faces; more finds smaller ones and takes longer."),
        Setting(
            "face-score", .integer(50...99), unit: "%", default: "70", "How sure the detector must be that something is a face."),
        Setting(
            "face-size", .integer(10...500), unit: "pixels", default: "24",
            "Shorter side of the smallest face that counts, at the size that is looked at."),
        Setting(
            "describe-url", .url, default: "",
            "A vision model that describes pictures: what comes before `/chat/completions` of a server that speaks as OpenAI does. Empty: nothing is described, nothing is sent."
        ),
        Setting("describe-key", .secret, default: "", "The key for it; empty where it wants none."),
        Setting("describe-model", .text, default: "", "Which model that server is to use."),
        Setting(
            "describe-prompt", .text, default: "", "What the model is asked. Empty: for one to three plain sentences."),
        Setting(
            "describe-language", .text, default: "", "The language to answer in, such as `German`. Empty: as the model likes."),
        Setting(
            "describe-per-minute", .integer(1...6000), unit: "requests", default: "30",
            "Pictures that one process has described in a minute at most."),
        Setting(
            "describe-concurrency", .integer(1...32), unit: "requests", default: "1", "Pictures that are described at once."),
        Setting("describe-timeout", .integer(1...600), unit: "s", default: "120", "Longest time for one description."),
        Setting(
            "read-text", .choice(["on", "off"]), default: "on",
            "Whether text in pictures is read, so that they are found by it. It takes half a second for a picture with text."),
        Setting(
            "models", .path, default: "", "Folder with model packs. Empty: `models` beside the program, or in the data folder."),
        Setting(
            "model-pack", .text, default: "lite2-minilm-a2",
            "The pack that the first start takes for search; later `banksia models use` decides."),
        Setting(
            "places", .path, default: "",
            "The file of places that positions are named by. Empty: `places/world.places` beside the program, or in the data folder."
        ),
        Setting("runtime", .path, default: "", "The ONNX Runtime library. Empty: `lib/libonnxruntime.so.*` beside the program."),
    ]
}
