import BanksiaMedia
import BanksiaVision

extension MediaWorkers {
    /// A picture made ready for a pack's image tower.
    func pixels(_ path: String, for tower: ModelPack.ImageTower) async throws(MediaProblem) -> [UInt8] {
        try await pixels(
            path, tower.resize == .squash ? .squash : .centreCrop, to: PixelSize(width: tower.size, height: tower.size))
    }
}
