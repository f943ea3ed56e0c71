/// One page of a longer list.
public struct Page<Element: Sendable>: Sendable {
    /// The elements, in the order of the list.
    public let items: [Element]
    /// Whether another page follows. Exact.
    public let hasMore: Bool

    /// A page from its parts.
    public init(items: [Element], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }

    /// A page of at most `limit` elements out of a read that asked for one more than that.
    public init(fetched: [Element], limit: Int) {
        self.init(items: Array(fetched.prefix(limit)), hasMore: fetched.count > limit)
    }

    /// The same page with other elements.
    public func map<Other>(_ transform: (Element) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), hasMore: hasMore)
    }
}
