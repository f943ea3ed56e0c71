package import BanksiaCore

/// How many assets fall into one period of the calendar.
package struct AssetCountResponse: JSONWritable, Sendable {
    package let count: Int
    package let timeBucket: CaptureTime

    package init(count: Int, timeBucket: CaptureTime) {
        self.count = count
        self.timeBucket = timeBucket
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("count", count)
            $0.field("time_bucket", timeBucket)
        }
    }
}
