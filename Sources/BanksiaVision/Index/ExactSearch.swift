import CVectorScan
import Dispatch
import Foundation

/// One search: a scan of bytes over the chosen rows, then exact scores for every row that may be among the best.
///
/// Quantising hides at most |row − quantised row| · |query| + |quantised row| · |query − quantised query| of a score
/// (Cauchy–Schwarz), and both row lengths are stored. So after the `limit` best of the scan have exact scores, every
/// row whose scan score plus that bound stays below the worst of them is out for certain; the others are compared.
struct ExactSearch {
    let query: ScanQuery
    let kernel: ScanKernel
    let selection: Selection

    struct Result {
        var neighbours: [Neighbour] = []
        /// Whether a stored vector was not the one that was written.
        var metDamage = false
    }

    func nearest(_ limit: Int) -> Result {
        let parts = selection.snapshot.parts
        let starts = parts.reduce(into: [0]) { $0.append($0.last! + $1.count) }  // never empty
        let scores = scan(parts, starts)
        var best = [UInt32](repeating: 0, count: min(limit, scores.count))
        let kept = unsafe banksia_best(scores, scores.count, &best, best.count)
        best.removeLast(best.count - kept)
        var result = Result()
        let sure = rescore(best, parts, starts, &result)
        guard sure.count == limit, let floor = sure.map(\.score).min() else {
            // Fewer rows than asked for: they are all there are.
            result.neighbours = Self.ordered(sure, limit)
            return result
        }
        let possible = reaching(floor, scores, parts, starts)
        let compared = Set(best)
        let others = rescore(possible.filter { !compared.contains($0) }, parts, starts, &result)
        result.neighbours = Self.ordered(sure + others, limit)
        return result
    }

    /// How many rows make up for the start of one more thread: two milliseconds of scanning.
    private static let rowsPerThread = 1 << 16

    /// The approximate score of each row, minus infinity for rows that are not chosen. Large indexes are scanned by several threads.
    private func scan(_ parts: [IndexSnapshot.Part], _ starts: [Int]) -> [Float] {
        let total = starts[parts.count]
        let threads = max(1, min(ProcessInfo.processInfo.activeProcessorCount, total / Self.rowsPerThread))
        return unsafe [Float](unsafeUninitializedCapacity: total) { scores, count in
            unsafe query.withKernelForm { form in
                unsafe withUnsafePointer(to: form) { form in
                    // Each thread writes the scores of its own parts.
                    nonisolated(unsafe) let (form, scores) = unsafe (form, scores.baseAddress)
                    DispatchQueue.concurrentPerform(iterations: threads) { thread in
                        for number in stride(from: thread, to: parts.count, by: threads) where parts[number].count > 0 {
                            unsafe banksia_scan(
                                kernel.code, form, parts[number].segment.rows, parts[number].segment.factors,
                                selection.chosen[number].words, parts[number].count, scores! + starts[number])
                        }
                    }
                }
            }
            count = total
        }
    }

    /// The rows whose exact score may be `floor` or more.
    private func reaching(_ floor: Float, _ scores: [Float], _ parts: [IndexSnapshot.Part], _ starts: [Int]) -> [UInt32] {
        var found: [UInt32] = []
        var rows = [UInt32](repeating: 0, count: parts.map(\.count).max() ?? 0)
        for (part, start) in zip(parts, starts) where part.count > 0 {
            let count = unsafe scores.withUnsafeBufferPointer { scores in
                unsafe banksia_within(
                    scores.baseAddress! + start, part.segment.factors, part.count, query.length, query.loss, floor, &rows)
            }
            found += rows.prefix(count).map { $0 + UInt32(start) }
        }
        return found
    }

    /// The exact scores of rows, given by their place in the scan.
    private func rescore(_ rows: [UInt32], _ parts: [IndexSnapshot.Part], _ starts: [Int], _ result: inout Result) -> [Neighbour]
    {
        var part = 0
        var neighbours: [Neighbour] = []
        neighbours.reserveCapacity(rows.count)
        var vector = [Float](repeating: 0, count: query.vector.count)
        for row in rows.sorted() {
            while Int(row) >= starts[part + 1] { part += 1 }
            let segment = parts[part].segment
            let place = Int(row) - starts[part]
            guard segment.read(&vector, at: place) else {
                result.metDamage = true
                continue
            }
            let score = unsafe banksia_dot(kernel.code, vector, query.vector, query.vector.count)
            neighbours.append(Neighbour(id: segment.id(at: place), score: score))
        }
        return neighbours
    }

    private static func ordered(_ neighbours: [Neighbour], _ limit: Int) -> [Neighbour] {
        Array(neighbours.sorted { ($0.score, $1.id) > ($1.score, $0.id) }.prefix(limit))
    }
}
