package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Paging;

import java.util.List;

/**
 * What one read asks of a system that is called over HTTP, and how its answers are to be taken. Pure: the same read and position give the same request.
 */
interface WebReads {
    static WebReads of(Read read) {
        return read.system().source() instanceof SourceConfig.OData ? new ODataReads(read) : new HttpReads(read);
    }

    HttpRequest page(Position position);

    HttpRequest byId(String key);

    Paging paging();

    /** How changes are asked for, or null. */
    SourceConfig.Since since();

    /** Where the list of records stands in the answer. */
    List<String> records();

    /** Where the last page's answer tells how changes after it are asked for, or null where it does not. */
    default List<String> delta() {
        return null;
    }

    /**
     * What is kept of a delta link, to be a later read's {@link Read#cursor()}.
     *
     * @throws SourceFailure when the link leads elsewhere
     */
    default String cursor(String deltaLink) {
        return null;
    }

    /** Where the record stands in the answer to {@link #byId}. */
    List<String> record();

    Asked asked(String where);

    default RecordForm form() {
        return RecordForm.PLAIN;
    }

    /** What is wrong with an answer that does not tell the declared total, and what to do. */
    default SourceFailure uncounted(Asked asked) {
        return Paginator.uncounted(asked);
    }

    /** What the system itself says about a refusal, fit to be shown; null where it says nothing or must not be repeated. */
    default String said(HttpAnswer answer) {
        return null;
    }

    /** The answer to {@link #byId} is the source's word that there is no such record. */
    default boolean isGone(HttpAnswer answer) {
        return answer.status() == 404 || answer.status() == 410;
    }
}
