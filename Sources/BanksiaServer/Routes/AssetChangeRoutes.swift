import BanksiaAPI
import BanksiaLibrary
import Hummingbird

/// Changing what users say about assets.
enum AssetChangeRoutes {
    static let operations: [Operation] = [
        Operation(.patch, "/api/assets/{asset_id}", "update_asset", .needs(.write, .collaborator), body: .json, update),
        Operation(
            .post, "/api/assets/bulk-update", "bulk_update_assets", .needs(.write, .collaborator), body: .json, updateSeveral),
    ]

    static func update(_ call: Call) async throws -> Response {
        let change = try MetadataChange(call.body)
        let asset = try await call.library.assets.update(call.path["asset_id"], change, by: call.viewer)
        return .json(AssetResponse(asset, .full, call.links), capacity: 4608)
    }

    static func updateSeveral(_ call: Call) async throws -> Response {
        var changes: [(id: String, change: MetadataChange)] = []
        var seen: Set<String> = []
        for (index, item) in try call.body.requiredObjects("updates").enumerated() {
            let place = "updates[\(index)]"
            do throws(RequestProblem) {
                let id = try item.requiredText("id")
                guard seen.insert(id).inserted else { throw .invalid(field: "id", issue: "An asset stands there twice.") }
                let change = try item.requiredObject("change")
                do throws(RequestProblem) { changes.append((id, try MetadataChange(change))) } catch {
                    throw error.within("change")
                }
            } catch { throw error.within(place) }
        }
        try await call.library.assets.update(changes, by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}
