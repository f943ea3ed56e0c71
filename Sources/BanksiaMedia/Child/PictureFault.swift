internal import BanksiaProcesses

/// What the child found wrong, as it travels to the parent.
enum PictureFault: Error, Codable, Hashable {
    case undecodable(reason: String)
    case tooManyPixels(PixelSize, limit: Int)
    case unsupported(what: String)
    case storage(reason: String)
    case metadata(reason: String)
    case outOfMemory
}

extension MediaProblem {
    init(_ fault: PictureFault) {
        switch fault {
        case .undecodable(let reason): self = .undecodable(reason)
        case .tooManyPixels(let size, let limit): self = .tooManyPixels(size, limit: limit)
        case .unsupported(let what): self = .unsupported(what)
        case .storage(let reason): self = .storage(reason)
        case .metadata(let reason): self = .metadata(reason)
        case .outOfMemory: self = .child(.outOfMemory)
        }
    }
}
