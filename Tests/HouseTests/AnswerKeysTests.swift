import BanksiaAPI
import BanksiaCore
import NIOCore
import Testing
import Yams

/// Each DTO emits exactly the documented keys, in the document's order, also when it has nothing to say.
@Suite("Keys of answers") struct AnswerKeysTests {
    private let document: ContractDocument

    init() throws { document = try ContractDocument() }

    private static let instant = Instant(microseconds: 0)
    private static let time = CaptureTime(wallMicroseconds: 0)
    private static let user = UserSummaryResponse(id: "", displayName: nil)
    private static let box = BoundingBoxResponse(x: 0, y: 0, w: 0, h: 0)
    private static let key = APIKeyResponse(
        id: "", createdAt: instant, isActive: true, actions: nil, lastUsedAt: nil, libraryScopeMode: nil, name: nil,
        selectedLibraryCount: nil)
    private static let metadata = MetadataResponse(
        assetID: "", createdAt: instant, updatedAt: instant, altitude: nil, autoStackID: nil, city: nil, country: nil,
        description: nil,
        digitizedDatetime: nil, exposureBias: nil, exposureTime: nil, fNumber: nil, focalLength: nil, fps: nil, iso: nil,
        latitude: nil,
        lensModel: nil, livePhotoCID: nil, longitude: nil, make: nil, model: nil, modifiedDatetime: nil, orientation: nil,
        originalDatetime: nil, projectionType: nil, rating: nil, state: nil, countryCode: nil, sublocation: nil, placeName: nil,
        timezone: nil, displayLabel: nil, rawWidth: nil, rawHeight: nil, profileDescription: nil)
    private static func asset(_ metadata: MetadataResponse? = nil) -> AssetResponse {
        AssetResponse(
            id: "", createdAt: instant, currentVersionID: "", fileSizeBytes: 0, kind: "", localDatetime: time, mimeType: "",
            originalFileName: "", updatedAt: instant, assetURLs: nil, description: nil, duration: nil, faces: nil, fileData: nil,
            height: nil,
            metadata: metadata, people: nil, qualityScore: nil, stackID: nil, thumbhash: nil, trashedAt: nil, width: nil,
            includesMetrics: false)
    }

    private static let answers: [(schema: String, answer: any JSONWritable & Sendable)] = [
        ("AssetResponse", asset()), ("MetadataResponse", metadata), ("APIKeyResponse", key),
        ("APIKeyCreateResponse", APIKeyCreateResponse(key: key, secret: "")), ("UserSummary", user), ("BoundingBox", box),
        (
            "FileDataResponse",
            FileDataResponse(
                checksum: "", deviceAssetID: "", deviceID: "", fileCreatedAt: instant, fileModifiedAt: instant, fileSizeBytes: 0,
                checksumSHA1: nil)
        ),
        (
            "AlbumAssetResponse",
            AlbumAssetResponse(id: "", albumID: "", assetID: "", createdAt: instant, updatedAt: instant)
        ),
        (
            "StackResponse",
            StackResponse(
                id: "", assetCount: 0, createdAt: instant, origin: "", updatedAt: instant, assetIDs: nil, primaryAssetID: nil)
        ),
        ("PersonSuggestion", PersonSuggestionResponse(distance: 0, people: [])),
        ("FaceDataResponse", FaceDataResponse(libraryID: "", faceCount: 0, findsFaces: true, personCount: 0)),
        (
            "CorrectionResponse",
            CorrectionResponse(
                id: "", createdAt: instant, faceCount: 0, kind: "", libraryID: "", personIDs: [], undoneAt: nil, userID: nil)
        ),
        (
            "SidecarResponse",
            SidecarResponse(
                assetID: "", checksum: "", createdAt: instant, fileName: "", fileSizeBytes: 0, updatedAt: instant)
        ),
        ("DuplicateGroupResponse", DuplicateGroupResponse(assetIDs: [])),
        ("FeedbackResult", FeedbackResult(status: "")),
        ("AssetVariant", VariantResponse(mimetype: "", url: "", width: nil)),
        ("ClusterCandidate", ClusterCandidateResponse(distance: 0, personID: "", name: nil)),
        ("ClusterAssignmentResponse", ClusterAssignmentResponse(candidates: nil, distanceToPerson: nil)),
        ("ClusterMetricsResponse", ClusterMetricsResponse(faceCount: 0, pairwiseMean: 0, pairwiseP90: 0)),
        (
            "FaceResponse",
            FaceResponse(
                id: "", assetID: "", boundingBox: box, createdAt: instant, source: "", updatedAt: instant, assetURLs: nil,
                clusterAssignment: nil, confidence: nil, personID: nil, timestampMs: nil)
        ),
        (
            "PersonResponse",
            PersonResponse(
                id: "", createdAt: instant, isFavorite: false, isHidden: false, updatedAt: instant, assetCount: nil,
                assetURLs: nil,
                birthDate: nil, clusterMetrics: nil, name: nil, thumbnailFaceID: nil)
        ),
        ("AssetPage", PageResponse(data: [asset()], hasMore: false)),
        ("AssetMoveResult", AssetMoveResultResponse(assetID: "", outcome: "", failure: nil)),
        ("AssetMoveResponse", AssetMoveResponse(data: [])),
        (
            "AssetVersionResponse",
            AssetVersionResponse(
                id: "", checksum: nil, fileSizeBytes: 0, height: 0, kind: "", mimeType: "", position: 0, width: 0, params: nil,
                versionURLs: nil)
        ),
        ("AssetCount", AssetCountResponse(count: 0, timeBucket: time)),
        ("AssetCountResponse", PageResponse(data: [AssetCountResponse(count: 0, timeBucket: time)], hasMore: true)),
        ("GeoCluster", GeoClusterResponse(count: 1, latitude: 0, longitude: 0, representativeAssetID: "")),
        ("GeoClusterResponse", GeoClustersResponse(data: [])),
        ("AssetLiteResponse", AssetMatchResponse(id: "", checksum: "", deviceAssetID: "", deviceID: "", checksumSHA1: nil)),
        ("AssetExistenceResponse", AssetExistenceResponse(assets: [])),
        (
            "AlbumResponse",
            AlbumResponse(
                id: "", assetCount: 0, createdAt: instant, name: "", updatedAt: instant, albumCoverAssetID: nil, assetURLs: nil,
                description: "", endDate: nil, startDate: nil)
        ),
        ("AlbumAssetsAddResponse", AlbumAssetsAddResponse(addedAssets: [], duplicateAssets: [], notFoundAssets: [])),
        (
            "LibraryResponse",
            LibraryResponse(
                id: "", assetCount: 0, createdAt: instant, name: "", owner: user, role: "", storageUsedBytes: 0,
                updatedAt: instant,
                userID: "", description: nil, storageLimitBytes: nil)
        ),
        (
            "UserResponse",
            UserResponse(
                id: "", createdAt: instant, demoModeEnabled: false, faceDetectionAvailable: true, faceDetectionPreference: nil,
                favoriteDisplayMode: "", isActive: true, isSuperuser: false, isVerified: true, storageLimitBytes: 1,
                storageUsedBytes: 0,
                updatedAt: instant, email: nil, firstName: nil, homeCountry: nil, homeSubdivision: nil, immichLibraryID: nil,
                lastName: nil,
                timezone: nil)
        ),
        (
            "TaskResponse",
            TaskResponse(
                id: "", assetID: nil, celeryTaskID: "", completedAt: nil, createdAt: "", errorMessage: nil, outcome: nil,
                result: nil,
                retryCount: 0, startedAt: nil, status: "", taskType: "")
        ),
        ("SearchResultItem", SearchResultResponse(asset: asset(), distance: nil)),
        (
            "SearchResponse",
            SearchResponse(
                data: [SearchResultResponse(asset: asset(), distance: nil)], hasMore: false, total: nil, understood: nil,
                facets: nil)
        ),
        (
            "ExplainedSearchResponse",
            SearchResponse(
                data: [], hasMore: false, total: 0, understood: [],
                facets: SearchFacetsResponse(people: [], albums: [], places: [], cameras: [], mediaTypes: [], years: []))
        ),
        ("ExplainedSearchResultItem", SearchResultResponse(asset: asset(), distance: nil, explanation: [])),
        ("SearchReason", SearchReasonResponse(stage: "", distance: 0, score: nil, words: [], lines: [])),
        ("SearchMatch", SearchReasonResponse.Word(word: "", match: "")),
        ("SearchReading", SearchReadingResponse(kind: "", text: "", value: "", id: nil, effect: "")),
        ("SearchFacet", SearchNameResponse(name: "", id: nil, count: 1)),
        ("SearchSuggestion", SearchNameResponse(kind: "", name: "", id: nil, count: 1)),
        ("ErrorResponse", ErrorEnvelope(code: "", message: "", field: nil, requestID: "")),
    ]

    /// JSON is YAML, and this parser keeps the order of keys.
    private func written(_ answer: some JSONWritable) throws -> Node? {
        try Yams.compose(yaml: String(buffer: JSONWriter.bytes(of: answer)))
    }

    @Test func `are the documented ones in the documented order`() throws {
        for (schema, answer) in Self.answers {
            #expect(try written(answer)?.mapping?.keys.compactMap(\.string) == document.keys(of: schema), "\(schema)")
        }
    }

    @Test func `hold for what stands inside others`() throws {
        let asset = try written(Self.asset(Self.metadata))
        #expect(asset?["exif"]?.mapping?.keys.compactMap(\.string) == document.keys(of: "ExifResponse"))
        let envelope = try written(ErrorEnvelope(code: "", message: "", field: "name", requestID: ""))
        #expect(envelope?["error"]?.mapping?.keys.compactMap(\.string) == document.keys(of: "ErrorBody"))
        #expect(envelope?["error"]?["details"]?.mapping?.keys.compactMap(\.string) == ["field", "issue"])
    }
}
