public import BanksiaCore
public import BanksiaProcesses

/// Why a picture or a text got no vector.
public enum VisionProblem: Problem, Hashable {
    /// A part is not installed, or the installed one cannot be used; says which and what to do.
    case unavailable(String)
    /// The library was found and cannot be loaded.
    case runtimeUnusable(String)
    /// A model file cannot be read or is not what the manifest says; with the runtime's words.
    case modelUnusable(String)
    /// There are not three bytes for each pixel of the size that the pack asks for.
    case pixels(expected: Int, given: Int)
    /// The model gave a vector of the wrong length, or without direction.
    case noVector
    /// The worker process failed.
    case worker(ChildProblem)

    public var code: String {
        switch self {
        case .unavailable: "vision_unavailable"
        case .runtimeUnusable: "runtime_unusable"
        case .modelUnusable, .noVector: "model_unusable"
        case .pixels: "pixels_invalid"
        case .worker(let problem): problem.code
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .pixels: .invalid
        case .unavailable, .runtimeUnusable, .modelUnusable, .noVector, .worker: .unavailable
        }
    }

    public var detail: String {
        switch self {
        case .unavailable(let reason): reason
        case .runtimeUnusable(let reason): "The ONNX Runtime library cannot be used: \(reason)"
        case .modelUnusable(let reason): "A file of the model pack cannot be used: \(reason)"
        case .pixels(let expected, let given): "The model takes \(expected) bytes of pixels; there are \(given)."
        case .noVector: "The model gave no usable vector. Check the pack with `banksia doctor`."
        case .worker(let problem): problem.detail
        }
    }
}
