package io.syncline.config;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a system is read. Every kind has named resources; a sync's entity reads one of them. */
public sealed interface SourceConfig {
    /** The resources by name. */
    Map<String, ? extends Resource> resources();

    /** Something that can be read page by page. */
    sealed interface Resource {
        String name();

        /** How changes since a moment are asked for, or null where the resource cannot tell. */
        Since since();

        /** Whether one record can be asked for by its key. */
        default boolean asksForOne() {
            return false;
        }

        /** How its records are written, or null where they are only read. */
        default WritesConfig writes() {
            return null;
        }

        /** Whether a whole read may end with a cursor, by which the source later tells all that changed since, deletions too. */
        default boolean tracks() {
            return false;
        }

        /** Whether that cursor names what was read, so that it is worth nothing once something was published that it does not know of. */
        default boolean remembers() {
            return false;
        }
    }

    /**
     * @param parameter what carries the moment: a query parameter, a path in the body, or a column
     * @param inBody    the parameter is a path in the request's body, not in its query
     * @param format    how the moment is written
     * @param overlap   how far before the mark to ask, for what became visible late
     * @param keeps     how long the source can tell changes after they were made, or null where it does not say
     * @param expired   the statuses by which it says that it no longer can
     */
    record Since(String parameter, boolean inBody, io.syncline.record.TimeFormat format, Duration overlap, Duration keeps, Set<Integer> expired) {
        /** Of a source that does not say how long it keeps changes, and answers 410 when it no longer knows them. */
        public Since(String parameter, boolean inBody, io.syncline.record.TimeFormat format, Duration overlap) {
            this(parameter, inBody, format, overlap, null, Set.of(410));
        }
    }

    /** A system that is called over HTTP. Every request stays under {@code baseUrl}. */
    sealed interface Web extends SourceConfig permits Http, OData {
        String baseUrl();

        boolean allowPrivateNetwork();

        Auth auth();

        Map<String, String> headers();

        Limits limits();
    }

    /** {@code kind: http}. Paths are relative to {@code baseUrl}, which every request stays under. */
    record Http(String baseUrl, boolean allowPrivateNetwork, Auth auth, Map<String, String> headers, Paging paging, Limits limits,
                Map<String, HttpResource> resources) implements Web {
    }

    /**
     * @param records where the list of records stands in the answer; empty for the answer itself
     * @param paging  the resource's own, or the system's
     * @param byId    the path of one record, with {@code {id}} in it; null where there is none
     * @param record  where the record stands in the answer to {@code byId}; empty for the answer itself
     * @param body    the JSON body of a read by POST, or null
     */
    record HttpResource(String name, String method, String path, Map<String, String> query, String body, List<String> records,
                        Paging paging, Since since, String byId, List<String> record, WritesConfig writes) implements Resource {
        /** One that is only read. */
        public HttpResource(String name, String method, String path, Map<String, String> query, String body, List<String> records, Paging paging, Since since,
                            String byId, List<String> record) {
            this(name, method, path, query, body, records, paging, since, byId, record, null);
        }

        @Override
        public boolean asksForOne() {
            return byId != null;
        }
    }

    /**
     * {@code kind: odata}.
     *
     * @param version  2 or 4
     * @param query    what every request carries
     * @param pageSize how many records a page should hold, or null where the service decides
     * @param maxPages reaching it fails the run: it is a loop or a mistake
     */
    record OData(int version, String baseUrl, boolean allowPrivateNetwork, Auth auth, Map<String, String> headers, Map<String, String> query,
                 Integer pageSize, int maxPages, Limits limits, Map<String, ODataResource> resources) implements Web {
    }

    /**
     * An entity set.
     *
     * @param key     the key's properties and their types, in order
     * @param since   how changes are asked for, or null
     * @param changed the form of the moment in that question, or null
     * @param expand  what is read with each record
     * @param select  only what is mapped is asked for
     * @param count   the service is asked how many records there are
     * @param times   properties that hold a time of day
     * @param tracks  the service offers delta links
     */
    record ODataResource(String name, String set, Map<String, ODataType> key, Since since, ODataTime changed, List<String> expand, boolean select,
                         boolean count, List<String> times, boolean tracks) implements Resource {
        @Override
        public boolean asksForOne() {
            return true;
        }
    }

    /** @param zone the one in which a moment is written where its type names none */
    record ODataTime(ODataType type, ZoneId zone) {
    }

    /** What decides how a value is written in an address. */
    enum ODataType {
        STRING, GUID, BOOLEAN, INT, INT64, DECIMAL, DATE, DATETIME, DATETIMEOFFSET
    }

    /**
     * @param timeout   on every outside call (promise 24)
     * @param maxBytes  of one answer, unpacked
     * @param attempts  for network errors, 5xx and 429
     * @param firstWait before the second attempt; doubles each time, with jitter, unless the answer says Retry-After
     * @param writesAtOnce how many records are written side by side
     */
    record Limits(Duration timeout, long maxBytes, int attempts, Duration firstWait, Duration longestWait, int writesAtOnce) {
        private static final int WRITES_AT_ONCE = 4;
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), 10L << 20, 4, Duration.ofSeconds(1), Duration.ofMinutes(2));

        /** Of a system that says nothing about writes. */
        public Limits(Duration timeout, long maxBytes, int attempts, Duration firstWait, Duration longestWait) {
            this(timeout, maxBytes, attempts, firstWait, longestWait, WRITES_AT_ONCE);
        }
    }

    /** How a system lets us in. */
    sealed interface Auth {
        record None() implements Auth {
        }

        record Basic(String user, String password) implements Auth {
        }

        record Bearer(String token) implements Auth {
        }

        record Header(String name, String value) implements Auth {
        }

        /** OAuth 2 client credentials. */
        record OAuth2(String tokenUrl, String clientId, String clientSecret, String scope) implements Auth {
        }

        /**
         * A login that answers with a token, renewed before it expires and after a 401.
         *
         * @param body      the JSON body of the login
         * @param token     where the token stands in the answer
         * @param expiresIn where its seconds to live stand, or null
         * @param header    the header that carries it
         * @param prefix    what stands before it there, e.g. {@code "Bearer "}
         */
        record Login(String url, String body, List<String> token, List<String> expiresIn, String header, String prefix) implements Auth {
        }
    }

    /**
     * How a resource is cut into pages and how its end is known (promise 5).
     *
     * @param parameter     the page number, offset or cursor parameter
     * @param inBody        parameters are paths in the body, not in the query
     * @param first         the first page number or offset
     * @param sizeParameter null where the size cannot be asked for
     * @param next          where the next cursor or next URL stands in the answer (kinds {@code cursor} and {@code next-url})
     * @param more          where the answer says whether there is more, or null
     * @param total         where the answer says how many records there are, or null
     * @param totalHeader   the header that says so, or null
     * @param end           what ends the data where {@code more} and {@code next} do not say it
     * @param maxPages      reaching it fails the run: it is a loop or a mistake
     * @param stable        the source promises that records do not slip between pages, so an absence needs no confirmation
     */
    record Paging(Kind kind, String parameter, boolean inBody, int first, String sizeParameter, int size, List<String> next,
                  List<String> more, List<String> total, String totalHeader, End end, int maxPages, boolean stable) {
        public enum Kind {
            NONE, PAGE, OFFSET, CURSOR, LINK_HEADER, NEXT_URL
        }

        public enum End {
            EMPTY_PAGE, SHORT_PAGE, TOTAL
        }
    }

    /** {@code kind: jdbc}: a database, read by keyset. */
    record Jdbc(String url, String user, String password, boolean allowPrivateNetwork, Map<String, JdbcResource> resources) implements SourceConfig {
    }

    /** @param key the columns that order the query and identify a row */
    record JdbcResource(String name, String query, List<String> key, int pageSize, Since since) implements Resource {
        @Override
        public boolean asksForOne() {
            return true;
        }
    }

    /** {@code kind: files}: a folder. */
    record Files(String directory, Map<String, FilesResource> resources) implements SourceConfig {
    }

    /** @param include which files of the folder, as a glob */
    record FilesResource(String name, String include, Format format, char delimiter, Charset charset, int pageSize) implements Resource {
        public enum Format {
            JSON_LINES, CSV, PARQUET
        }

        @Override
        public boolean tracks() {
            return true;
        }

        @Override
        public boolean remembers() {
            return true;
        }

        @Override
        public Since since() {
            return null;
        }
    }

    /** {@code kind: route}: any Camel route that answers pages. */
    record Route(Map<String, RouteResource> resources) implements SourceConfig {
    }

    /**
     * @param uri    the route's {@code direct:} address
     * @param stable as for {@link Paging}
     */
    record RouteResource(String name, String uri, Since since, boolean stable) implements Resource {
    }
}
