import HTTPTypes

/// What this server answers besides the contract: pages for people, and what programs ask an identity provider.
enum Pages {
    static let all: [Operation] =
        [Operation(.get, "/pages/style.css", "page_style", .open, PageStyle.answer)]
        + ReferencePage.operations + SignInPages.operations + AccountPages.operations + AuthorizationPages.operations
        + ProviderRoutes.operations
}
