public import BanksiaCore
public import BanksiaFiles

/// An XMP file that lies beside an asset: what programs have said about it without touching its file.
public struct Sidecar: Sendable, Equatable {
    public var assetID: AssetID
    public var fileName: String
    public var sizeBytes: Int64
    public var checksum: ContentDigest
    public var createdAt: Instant
    /// When it was replaced last.
    public var updatedAt: Instant

    /// Largest file. What programs write has a few kilobytes, with masks drawn in a raw developer a few megabytes.
    public static let maximumBytes: Int64 = 8 << 20

    /// The file itself.
    public var delivery: Delivery {
        Delivery(
            file: .original(checksum), mimeType: "application/rdf+xml", sizeBytes: sizeBytes, entityTag: checksum.hex,
            modifiedAt: updatedAt, fileName: fileName)
    }
}

/// A sidecar that was received whole and read.
public struct NewSidecar: Sendable {
    public let staged: StagedFile
    let name: FileName
    let facts: MetadataLayers.SidecarFacts
}

/// What can go wrong with sidecars.
public enum SidecarProblem: Problem, Equatable {
    case notFound
    case fileName(field: String)
    case unreadable(String, field: String)

    public var code: String {
        switch self {
        case .notFound: "not_found"
        case .fileName: "validation_error"
        case .unreadable: "unsupported_file_type"
        }
    }
    public var kind: ProblemKind { if case .notFound = self { .notFound } else { .invalid } }
    public var detail: String {
        switch self {
        case .notFound: "The asset has no sidecar, or you cannot see it."
        case .fileName: "The sidecar's name must have 1 to 1024 characters."
        case .unreadable(let what, _): "A sidecar is an XMP file; this is \(what)."
        }
    }
    public var field: String? {
        switch self {
        case .notFound: nil
        case .fileName(let field), .unreadable(_, let field): field
        }
    }
}
