import BanksiaMedia
import BanksiaVision

extension ModelPack.ImageTower {
    /// The form in which it takes a picture.
    var input: DevelopmentWish.ModelInput {
        .init(fit: resize == .squash ? .squash : .centreCrop, size: PixelSize(width: size, height: size))
    }
}

extension MediaWorkers {
    /// A picture made ready for a pack's image tower.
    func pixels(_ path: String, for tower: ModelPack.ImageTower) async throws(MediaProblem) -> [UInt8] {
        try await pixels(path, tower.input.fit, to: tower.input.size)
    }
}
