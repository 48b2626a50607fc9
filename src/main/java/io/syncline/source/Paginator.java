package io.syncline.source;

import io.syncline.config.SourceConfig.Paging;
import io.syncline.source.JsonAnswer.Understood;
import io.syncline.source.SourceFailure.Kind;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides from one answer where the next page is, or that there is none. Pure.
 * Promise 5: only what is declared as the end is the end; whatever contradicts itself fails.
 */
final class Paginator {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>((?:[^,\"]|\"[^\"]*\")*)");
    private static final Pattern REL_NEXT = Pattern.compile(";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next)(?=\\s*(?:;|$))",
            Pattern.CASE_INSENSITIVE);

    private final Paging paging;
    private final Function<Asked, SourceFailure> uncounted;

    Paginator(Paging paging) {
        this(paging, Paginator::uncounted);
    }

    /** @param uncounted what is wrong, and what to do, where an answer does not tell the total that it should */
    Paginator(Paging paging, Function<Asked, SourceFailure> uncounted) {
        this.paging = paging;
        this.uncounted = uncounted;
    }

    static SourceFailure uncounted(Asked asked) {
        return nonsense(asked, "the answer does not say how many records there are, though the system's file says where it does");
    }

    /** The total the answer tells, in its body or in a header; null where none is declared or only the first page tells it. */
    Long total(Position position, Understood page, HttpAnswer answer, Asked asked) {
        Long total = page.total();
        if (paging.totalHeader() != null) {
            String header = answer.header(paging.totalHeader());
            if (header != null && !header.trim().matches("[0-9]{1,18}")) {
                throw nonsense(asked, "the header " + paging.totalHeader() + " is not a number of records");
            }
            total = header == null ? null : Long.valueOf(header.trim());
        }
        if (total == null && (paging.total() != null || paging.totalHeader() != null) && position.total() == null) {
            throw uncounted.apply(asked);
        }
        return total;
    }

    /** @return what to ask for next, or null after the last page */
    String next(Position position, Understood page, Long total, HttpAnswer answer, Asked asked) {
        int records = page.records().size();
        long read = position.read() + records;
        Long known = total != null ? total : position.total();
        if (Boolean.TRUE.equals(page.more()) && total != null && read >= total) {
            throw nonsense(asked, "the answer promises more than the " + total + " records it says there are");
        }
        String next = switch (paging.kind()) {
            case NONE -> null;
            case PAGE -> goesOn(page, read, known, asked) ? Long.toString(number(position) + 1) : null;
            case OFFSET -> goesOn(page, read, known, asked) ? Long.toString(number(position) + records) : null;
            case CURSOR, NEXT_URL -> linked(page, page.next(), asked);
            case LINK_HEADER -> linked(page, nextLink(answer), asked);
        };
        if (paging.kind() == Paging.Kind.NONE && known != null && known != records) {
            throw nonsense(asked, "the answer holds " + records + " records but says there are " + known);
        }
        if (next != null && total != null && read > total && records > 0) {
            throw nonsense(asked, "there are more records than the " + total + " the source says there are");
        }
        if (next != null && position.page() >= paging.maxPages()) {
            throw nonsense(asked, "there are still more pages after " + paging.maxPages() + ", the most that are read");
        }
        return next;
    }

    private long number(Position position) {
        return position.at() == null ? paging.first() : Long.parseLong(position.at());
    }

    private boolean goesOn(Understood page, long read, Long total, Asked asked) {
        int records = page.records().size();
        if (page.more() != null) {
            if (page.more() && records == 0) {
                throw nonsense(asked, "the answer is empty but says that there is more");
            }
            return page.more();
        }
        boolean missing = total != null && read < total;
        return switch (paging.end()) {
            case EMPTY_PAGE -> records > 0;
            case SHORT_PAGE -> {
                if (records < paging.size() && missing && records > 0) {
                    throw nonsense(asked, "the page holds " + records + " of the " + paging.size() + " records asked for, though there are " + total
                            + " in all: the source cuts pages at its own size");
                }
                yield records >= paging.size();
            }
            case TOTAL -> {
                if (total == null) {
                    throw nonsense(asked, "the answer does not say how many records there are");
                }
                if (missing && records == 0) {
                    throw nonsense(asked, "the page is empty, though only " + read + " of " + total + " records have come");
                }
                yield missing;
            }
        };
    }

    private String linked(Understood page, String next, Asked asked) {
        if (page.more() == null) {
            return next;
        }
        if (page.more() && next == null) {
            throw nonsense(asked, "the answer says that there is more, but not where");
        }
        return page.more() ? next : null;
    }

    private static String nextLink(HttpAnswer answer) {
        for (String header : answer.all("link")) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (REL_NEXT.matcher(link.group(2).trim()).find()) {
                    return link.group(1);
                }
            }
        }
        return null;
    }

    private static SourceFailure nonsense(Asked asked, String cameBack) {
        return asked.failure(Kind.NONSENSE, cameBack, "Compare the answer with the paging in the system's file");
    }
}
