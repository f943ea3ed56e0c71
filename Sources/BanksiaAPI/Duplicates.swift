/// Photos that show the same picture.
package struct DuplicateGroupResponse: JSONWritable, Sendable {
    package let assetIDs: [String]

    package init(assetIDs: [String]) { self.assetIDs = assetIDs }

    package func write(to writer: inout JSONWriter) { writer.object { $0.field("asset_ids", assetIDs) } }
}
