/// Whether a part that the machine may lack (a native library, a model) is there.
public enum Capability: Sendable, Hashable {
    case available(version: String)
    /// What is missing, in a sentence that says how to get it.
    case unavailable(because: String)
}
