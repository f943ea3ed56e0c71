internal import CProcess
internal import Foundation

/// The heaps of this process.
public enum Heaps {
    /// Lets a process of many threads have one heap for each core, at least two, and not eight as the C library does.
    ///
    /// What a burst leaves behind is spread over all heaps and given back from none: after 90 uploads and 100 lists a server
    /// on two cores kept 86 MB, and with two heaps 44. Call it first, as heaps that were made stay.
    public static func limit() {
        banksia_limit_heaps(Int32(clamping: max(2, ProcessInfo.processInfo.activeProcessorCount)))
    }
}
