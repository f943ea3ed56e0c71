/// One piece of background work.
package struct TaskResponse: JSONWritable, Sendable {
    package let id: String
    package let assetID: String?
    package let celeryTaskID: String
    package let completedAt: String?
    package let createdAt: String
    package let errorMessage: String?
    package let outcome: String?
    package let result: String?
    package let retryCount: Int
    package let startedAt: String?
    package let status: String
    package let taskType: String

    package init(
        id: String, assetID: String?, celeryTaskID: String, completedAt: String?, createdAt: String, errorMessage: String?,
        outcome: String?, result: String?, retryCount: Int, startedAt: String?, status: String, taskType: String
    ) {
        self.id = id
        self.assetID = assetID
        self.celeryTaskID = celeryTaskID
        self.completedAt = completedAt
        self.createdAt = createdAt
        self.errorMessage = errorMessage
        self.outcome = outcome
        self.result = result
        self.retryCount = retryCount
        self.startedAt = startedAt
        self.status = status
        self.taskType = taskType
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("asset_id", assetID)
            $0.field("celery_task_id", celeryTaskID)
            $0.field("completed_at", completedAt)
            $0.field("created_at", createdAt)
            $0.field("error_message", errorMessage)
            $0.field("outcome", outcome)
            $0.field("result", result)
            $0.field("retry_count", retryCount)
            $0.field("started_at", startedAt)
            $0.field("status", status)
            $0.field("task_type", taskType)
        }
    }
}
