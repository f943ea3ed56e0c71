import BanksiaAPI
import BanksiaCore
import BanksiaJobs
import BanksiaLibrary
import Hummingbird

/// Background work, as clients may look at it.
enum TaskRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/tasks/", "list_tasks", .needs(.read, .viewer), list),
        Operation(.get, "/api/tasks/{task_id}", "get_task_status", .needs(.read, .viewer), get),
        Operation(.get, "/api/tasks/asset/{asset_id}", "list_asset_tasks", .needs(.read, .viewer), ofAsset),
    ]

    static func list(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        var query = Tasks.Query(
            status: try call.query.choice("status"),
            type: try call.query.choice("task_type", of: TaskType.self)?.rawValue,
            limit: try call.limit())
        if let library = try call.query.text("library_id") {
            query.library = try await call.library.libraries.resolve(library, by: viewer)
        }
        return .json(try await call.library.tasks.list(query, by: viewer).map(TaskResponse.init))
    }

    static func get(_ call: Call) async throws -> Response {
        .json(TaskResponse(try await call.library.tasks.get(call.path["task_id"], by: call.viewer)))
    }

    static func ofAsset(_ call: Call) async throws -> Response {
        .json(try await call.library.tasks.list(ofAsset: call.path["asset_id"], by: call.viewer).map(TaskResponse.init))
    }
}

/// The task types of the contract; some belong to stages that are still to come.
private enum TaskType: String, CaseIterable {
    case embedding, thumbhash
    case faceDetection = "face_detection"
    case faceClustering = "face_clustering"
    case assetDescription = "asset_description"
    case assetStorageCleanup = "asset_storage_cleanup"
    case assetVersionStorageCleanup = "asset_version_storage_cleanup"
    case reverseGeocoding = "reverse_geocoding"
    case videoThumbnailExtract = "video_thumbnail_extract"
    case videoMetadataExtract = "video_metadata_extract"
    case displayProxyGeneration = "display_proxy_generation"
    case burstDetection = "burst_detection"
    case productUpdateSubscription = "product_update_subscription"
    case personMetricsRefresh = "person_metrics_refresh"
    case qualityScoring = "quality_scoring"
}

extension TaskResponse {
    init(_ job: Job) {
        let id = job.id.description
        self.init(
            id: id, assetID: job.subject == job.scope ? nil : job.subject.map { AssetID(uuid: $0).description }, celeryTaskID: id,
            completedAt: job.completedAt?.description,
            createdAt: job.createdAt.description, errorMessage: job.errorMessage, outcome: job.outcome, result: job.result,
            retryCount: max(0, job.attempts - 1), startedAt: job.startedAt?.description, status: job.status.rawValue,
            taskType: job.kind.taskType)
    }
}
