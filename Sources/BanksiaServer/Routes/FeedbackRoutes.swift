import BanksiaAPI
import BanksiaLibrary
import Hummingbird

/// Feedback about the product.
enum FeedbackRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/feedback", "submit_feedback", .needs(.write, nil), body: .json, submit)
    ]

    static func submit(_ call: Call) async throws -> Response {
        guard let kind = try call.body.choice("feedback_type", of: Feedback.Kind.self).orNil else {
            throw RequestProblem.invalid(field: "feedback_type", issue: "feedback_type is missing.")
        }
        let note = Feedback.Note(
            kind: kind, message: try call.body.requiredText("message"),
            taskCompleted: try call.body.flag("task_completed").orNil,
            toolNames: try call.body.texts("tool_names").orNil ?? [])
        try await call.library.feedback.submit(note, by: call.viewer)
        return .json(FeedbackResult(status: "submitted"), status: .accepted)
    }
}
