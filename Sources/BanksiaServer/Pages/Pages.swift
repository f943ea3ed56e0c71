import BanksiaLibrary
import HTTPTypes

/// What this server answers besides the contract: pages for people, tools for language models, and what programs ask an
/// identity provider.
enum Pages {
    static let all: [Operation] =
        [Operation(.get, "/pages/style.css", "page_style", .open, PageStyle.answer)]
        + ReferencePage.operations + MCPRoute.operations
        + (SignInPages.operations + AccountPages.operations + AuthorizationPages.operations + ProviderRoutes.operations)
        .map(\.whereSignInIsOn)
}

extension Operation {
    /// The same, but not there where the operator has switched our own sign-in off.
    fileprivate var whereSignInIsOn: Operation {
        Operation(method, path, id, access, body: body) { [answer] call in
            guard call.library.provider != nil else { throw RequestProblem.unknownPath }
            return try await answer(call)
        }
    }
}
