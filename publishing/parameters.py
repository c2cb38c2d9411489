"""Declaration of the query parameters that a public view reads. The page cache drops all others before the view sees the request."""


def query_parameters(*names):
    """Declare the parameters that a view reads, for functions and, by `method_decorator(..., name="dispatch")`, for classes.

    `@query_parameters("page", "q")` above a view means: its answer depends on the address, the record and these parameters, and on nothing
    else of the request. A view that declares none gets none. Their order in an address does not matter, so `?q=a&page=2` and `?page=2&q=a`
    are one answer; a parameter given several times keeps all its values in their order.

    Visitors' requests reach public views without cookies and without headers other than Host and those for ranges and conditions. An answer
    that must not be kept says so with `Cache-Control: private` or `no-store`.
    """

    def declare(view):
        view.query_parameters = names
        return view

    return declare


def any_query(view):
    """Declare that a view passes on any query, as redirects do; the page cache does not store its answers to addresses with one."""
    view.query_parameters = None
    return view


def declared(view):
    """The names that a resolved view has declared, or None for any."""
    return getattr(view, "query_parameters", ())
