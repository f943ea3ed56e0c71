import BanksiaAPI
import BanksiaLibrary
import Hummingbird

/// Moving assets from library to library.
enum MoveRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/assets/move", "move_assets", .needs(.deletePermanently, .owner), body: .json, move)
    ]

    static func move(_ call: Call) async throws -> Response {
        let ids = try call.body.ids("asset_ids")
        let (source, destination) = (
            try call.body.requiredText("source_library_id"), try call.body.requiredText("destination_library_id")
        )
        let moves = try await call.library.assets.move(ids, from: source, to: destination, by: call.viewer)
        return .json(AssetMoveResponse(data: moves.map(AssetMoveResultResponse.init)), capacity: 64 + moves.count * 128)
    }
}

extension AssetMoveResultResponse {
    init(_ move: AssetMove) {
        switch move.outcome {
        case .moved: self.init(assetID: move.asset, outcome: "moved", failure: nil)
        case .alreadyInDestination: self.init(assetID: move.asset, outcome: "already_in_destination", failure: nil)
        case .failed(let failure): self.init(assetID: move.asset, outcome: "failed", failure: failure.rawValue)
        }
    }
}
