/// How urgent the work of the current task is. Whoever hands out something scarce, such as a child process, goes by it.
public enum Urgency {
    /// The greater, the more urgent. Unless someone says otherwise, a person waits for an answer, and comes before all else.
    @TaskLocal public static var current = Int.max
}
