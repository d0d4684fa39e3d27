# Notes at the head, and the note on the data.

note-simulated = Simulated data: a program made these prices. They are not real trades.
note-partial-session = Partial data: { $held } of about { $listed } A-shares are in the data of this session; every figure counts only those.
note-missing-parts = Partial data: { $parts } missing; related content is left out.
part-indices = indices
part-breadth = advances and declines
part-turnover = turnover in Shanghai and Shenzhen
part-limit-board = limit-ups
note-missing-exchange = Partial data: no trades from { $exchange }; figures for all A-shares leave { $exchange } out.
note-missing-data = Data is missing for { $subjects }.
missing-past-sessions = some past sessions of { $exchange }
missing-themes = the themes of some stocks
missing-share-capital = share capital of the day (that of the nearest date is used, which may lie after the session)
missing-industry = industry membership on the day
missing-code-change = the list of Beijing’s old and new codes
note-estimated = Turnover is estimated: the source reports none, so volume times mean price is used instead. Sentences and columns say which figures are estimates.
note-undetermined = No limit price could be determined for { $count } { $count_n ->
    [one] stock
   *[other] stocks
}: status or previous close is not known, or prices are outside every limit; counts of limit-ups and limit-downs leave { $count_n ->
    [one] it
   *[other] them
} out.
note-unknown-status = The risk-warning (ST) status of some stocks is not known; counts of limit-ups and limit-downs may depend on it.
note-derived-prev-close = Some previous closes were taken from the last traded close; returns on ex-rights days may be off.
note-source-conflict = Sources disagree on some rows; see the end of the page.

heading-data = About the data
data-method = Each figure is computed from the data listed here. Qualitative words follow a formula with a threshold. Estimated and inferred figures are marked; nothing else is filled in.
data-no-industries = No sector data loaded.
data-no-source = There is no data source to list.
column-figure = Figure
column-judged = Judged
column-unjudged = Not judged

finding-unreadable-field = Rows with a field that could not be read, left out: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-unknown-symbol = Rows with an unknown security code, left out: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-duplicate-row = Duplicate rows, of which the first was kept: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-not-a-session = Rows dated on a day that is not a session, left out: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-inconsistent-prices = Rows whose prices contradict each other, left out: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-suspect-units = Rows whose turnover does not fit their volume, so that units may be wrong: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-ahead-of-time = Rows dated after the day they were imported: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-status-conflict = Stocks whose names contradict each other or the day’s prices on a status such as ST: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-limit-breach = Rows with a price beyond every limit of the day: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-estimated-turnover = Rows without turnover, estimated from volume and mean price: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-derived-prev-close = Rows without a previous close, taken from the last traded close: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-unknown-status = Stocks whose risk-warning (ST) status is not known: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-unknown-limit = Stocks without a price limit to judge by: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-missing-data = Missing data{ $concerns ->
    [some] , { $subject }
   *[all] { "" }
}: { $count }.
finding-partial-session = Securities without a row that should have one{ $concerns ->
    [some] , { $subject }
   *[all] { "" }
}: { $count }.
finding-source-conflict = Rows on which sources disagree: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.
finding-sources-compared = Shares that another source has alike: { $count }{ $concerns ->
    [some] {" "}({ $subject })
   *[all] { "" }
}.

# The line under the headline, and the line of the notes
between-notes = ;␣
notes-estimated = Turnover is estimated
notes-estimated-and-more = Turnover is estimated; more notes on the data
notes-more = Notes on the data
first-simulated = Simulated data, not real trades
note-missing-data-some = Some data is missing; see the end of the page.

# What a finding is about
subject-daily-bar = daily bars
subject-index-bar = index bars
subject-index-quote = levels of indices
subject-fund-bar = fund bars
subject-security = list of securities
subject-share-capital = share capital
subject-group-member = themes
subject-index-weight = index weights
subject-definition = definitions of your own
subject-industry = industries
subject-code-change = the list of code changes
subject-margin = margin trading
subject-quote = quotes
subject-calendar = calendar
subject-fact = figures
subject-security-day = securities’ days
subject-session-turnover = turnover by session
subject-risk-warning = risk-warning (ST) status
subject-nearest-name = judged by the nearest dated name
subject-undetermined = undetermined
subject-new-listing = new listings
