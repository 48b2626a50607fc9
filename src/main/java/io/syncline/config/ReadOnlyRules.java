package io.syncline.config;

/** Promise 21: what is declared read-only declares nothing that could write, so that it is told at start and not by a refused request. */
final class ReadOnlyRules {
    private ReadOnlyRules() {
    }

    static void check(Yaml system, Mistakes mistakes) {
        Yaml source = system.get("source");
        Yaml access = system.get("access");
        String kind = source.get("kind").text();
        if (kind.equals("odata") && access.text().equals("read-write")) {
            mistakes.add(access, "an OData service is only ever read.", "Write read-only, or leave it out.");
        }
        if (!SystemBuilder.isReadOnly(system)) {
            return;
        }
        if (kind.equals("route")) {
            mistakes.add(access, "what a route of your own sends cannot be confined to reads.", "Leave it out, or declare a source of kind http or odata.");
        }
        for (Yaml resource : source.get("resources").members().values()) {
            Yaml method = resource.get("method");
            if (resource.has("writes")) {
                mistakes.add(resource.get("writes"), "a read-only system is never written.", "Leave it out, or write access: read-write.");
            }
            if (method.text().equals("POST")) {
                mistakes.add(method, "a read-only system is sent nothing but GET and HEAD.", "Write method: GET, or leave it out.");
            }
        }
        Yaml auth = source.get("auth").get("kind");
        if (auth.text().equals("oauth2") || auth.text().equals("login")) {
            mistakes.add(auth, Mistakes.quoted(auth.text()) + " fetches its token by POST, and a read-only system is sent nothing but GET and HEAD.",
                    "Write none, basic, bearer or header.");
        }
    }
}
