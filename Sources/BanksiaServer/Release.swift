/// What this program is called when it says who it is.
public enum Release {
    /// By semantic versioning (semver.org).
    public static let version = "0.1.0"
}
