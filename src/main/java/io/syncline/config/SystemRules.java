package io.syncline.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** What the schema of a system cannot say. Each rule stands alone and passes over what is not there, so that all mistakes are found at once. */
final class SystemRules {
    private static final String UNKNOWN = "\0";
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(366);

    private final Declared declared;
    private final Mistakes mistakes;
    private final Settings settings;
    private final Set<String> organisations;

    /**
     * @param settings      null where they are not to be checked
     * @param organisations those that read the system
     */
    SystemRules(Declared declared, Settings settings, Set<String> organisations) {
        this.declared = declared;
        this.mistakes = declared.mistakes();
        this.settings = settings;
        this.organisations = organisations;
    }

    void check() {
        Yaml system = declared.yaml();
        CommonRules.nameIsThatOfTheFile(declared);
        Yaml source = system.get("source");
        address(source.get("baseUrl"));
        address(source.get("auth").get("tokenUrl"));
        if (!source.get("auth").get("url").text().startsWith("/")) {
            address(source.get("auth").get("url"));
        }
        paging(source.get("paging"));
        privateNetwork(source.get("allowPrivateNetwork"));
        ReadOnlyRules.check(system, mistakes);
        ODataRules odata = new ODataRules(source, mistakes);
        new WebhookRules(system, mistakes).check(settings, organisations);
        WriteRules writes = new WriteRules(source, mistakes);
        limits(source.get("limits"));
        for (Yaml resource : source.get("resources").members().values()) {
            overlap(resource.get("since").get("overlap"));
            overlap(resource.get("changed").get("overlap"));
            switch (source.get("kind").text()) {
                case "odata" -> odata.resource(resource);
                case "http" -> {
                    httpResource(resource, source.get("paging"));
                    writes.resource(resource);
                }
                case "jdbc" -> CommonRules.time(resource.get("since"), mistakes);
                case "files" -> FilesRules.check(resource, mistakes);
                default -> CommonRules.time(resource.get("since"), mistakes);
            }
        }
        everyPlaceholderIsOne(system);
        if (settings != null) {
            organisations.forEach(organisation -> everySettingHasAValue(system, settings.of(organisation), new HashSet<>()));
        }
    }

    private void httpResource(Yaml resource, Yaml systemPaging) {
        CommonRules.time(resource.get("since"), mistakes);
        paging(resource.get("paging"));
        Yaml paging = resource.has("paging") ? resource.get("paging") : systemPaging;
        boolean post = resource.get("method").text().equals("POST");
        if (resource.has("body") && !post) {
            mistakes.add(resource.get("body"), "a read by GET has no body.", "Write method: POST beside it, or use query.");
        }
        for (Yaml in : new Yaml[] {resource.get("since").get("in"), paging.get("in")}) {
            if (in.text().equals("body") && !post) {
                mistakes.add(in, "a read by GET has no body" + (in.where().startsWith(resource.where()) ? "." : ", and " + resource.where() + " is one."),
                        "Write method: POST in the resource, or in: query here.");
            }
        }
        pagingIsNotOverwritten(resource, paging);
        boolean proves = !paging.is(Yaml.Kind.MAP) || paging.get("kind").text().equals("none") || paging.get("stable").isTrue() || paging.has("total")
                || paging.has("totalHeader");
        if (!proves && !resource.has("byId")) {
            // Promise 6: a delete needs proof, so there must be a way to one.
            mistakes.add(resource, "records can slip between its pages, and nothing could prove that one is gone.",
                    "Write byId: /…/{id} here, or total, totalHeader or stable: true in its paging.");
        }
    }

    /** Of two parameters that are called alike only one would be sent, and nobody would be told. */
    private void pagingIsNotOverwritten(Yaml resource, Yaml paging) {
        for (Yaml pages : new Yaml[] {paging.get("parameter"), paging.get("sizeParameter")}) {
            Yaml since = resource.get("since").get("parameter");
            if (since.is(Yaml.Kind.TEXT) && since.text().equals(pages.text()) && inBody(resource.get("since")) == inBody(paging)) {
                setTwice(since, since.text(), pages);
            }
            if (pages.is(Yaml.Kind.TEXT) && !inBody(paging) && resource.get("query").has(pages.text())) {
                setTwice(resource.get("query").get(pages.text()), pages.text(), pages);
            }
        }
    }

    private static boolean inBody(Yaml parameters) {
        return parameters.get("in").text().equals("body");
    }

    private void setTwice(Yaml at, String name, Yaml pages) {
        mistakes.add(at, Mistakes.quoted(name) + " is set by " + pages.where() + " as well, and only one of the two would be sent.",
                "Leave one of them out, or give it another name.");
    }

    private void paging(Yaml paging) {
        Yaml size = paging.get("sizeParameter");
        if (size.is(Yaml.Kind.TEXT) && size.text().equals(paging.get("parameter").text())) {
            mistakes.add(size, Mistakes.quoted(size.text()) + " is the parameter of the pages already.",
                    "Write the one that asks for a page size, or leave it out.");
        }
        if (paging.get("end").text().equals("total") && !paging.has("total") && !paging.has("totalHeader")) {
            mistakes.add(paging.get("end"), "nothing says where the total stands.", "Write total or totalHeader beside it, or another end.");
        }
    }

    private void limits(Yaml limits) {
        Yaml timeout = limits.get("timeout");
        if (timeout.is(Yaml.Kind.TEXT) && isLength(timeout) && (Durations.of(timeout.text()).isZero() || Durations.of(timeout.text()).toSeconds() > 30)) {
            // Promise 24: 30 s limit on every outside call.
            mistakes.add(timeout, Mistakes.quoted(timeout.text()) + " is not within the limit for outside calls.", "Write at most 30s.");
        }
    }

    private void overlap(Yaml overlap) {
        if (overlap.is(Yaml.Kind.TEXT) && isLength(overlap) && Durations.of(overlap.text()).compareTo(LONGEST_OVERLAP) > 0) {
            mistakes.add(overlap, Mistakes.quoted(overlap.text()) + " is too long.", "Write at most 366d; a full run reads everything.");
        }
    }

    private static boolean isLength(Yaml yaml) {
        return yaml.text().matches("([0-9]{1,9}(ms|s|m|h|d))+");
    }

    private void address(Yaml url) {
        if (!url.is(Yaml.Kind.TEXT)) {
            return;
        }
        List<Settings> all = settings == null ? List.of(new Settings(List.of())) : organisations.isEmpty() ? List.of(settings)
                : organisations.stream().map(settings::of).toList();
        boolean wrong = all.stream().map(each -> Placeholders.fill(url.text(), each::find, name -> UNKNOWN))
                .anyMatch(filled -> !filled.contains(UNKNOWN) && !isAddress(filled));
        if (wrong) {
            // Promise 28: what stands before an @ may be a password.
            mistakes.add(url, (url.text().contains("@") ? "what is written" : Mistakes.quoted(url.text())) + " is not an address that can be called.",
                    "Write it like https://api.example.com/v2, without user, query and fragment.");
        }
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            String scheme = Objects.toString(uri.getScheme(), "").toLowerCase(Locale.ROOT);
            return (scheme.equals("https") || scheme.equals("http")) && uri.getHost() != null && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getPort() <= 65535;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void privateNetwork(Yaml allowed) {
        if (allowed.is(Yaml.Kind.TEXT) && Placeholders.in(allowed.text())) {
            String filled = SystemBuilder.filled(allowed, settings);
            if (!filled.equals("true") && !filled.equals("false")) {
                mistakes.add(allowed, "its setting is neither true nor false.", "Set it to true or false.");
            }
        }
    }

    /** What was meant as a placeholder would otherwise be sent as it stands. */
    private void everyPlaceholderIsOne(Yaml yaml) {
        boolean told = mistakes.found().stream().anyMatch(mistake -> mistake.line() == yaml.line() && mistake.where().equals(yaml.where()));
        if (yaml.is(Yaml.Kind.TEXT) && Placeholders.malformed(yaml.text()) && !told) {
            mistakes.add(yaml, "holds ${ but no placeholder.", "Write ${NAME} or ${NAME:default}; a name has letters, digits, _ and dots.");
        }
        yaml.members().values().forEach(this::everyPlaceholderIsOne);
        yaml.items().forEach(this::everyPlaceholderIsOne);
    }

    /** @param told the names that are missing, each of which is told where it stands first */
    private void everySettingHasAValue(Yaml yaml, Settings own, Set<String> told) {
        if (yaml.is(Yaml.Kind.TEXT)) {
            Placeholders.fill(yaml.text(), own::find, name -> {
                if (told.add(name)) {
                    mistakes.add(yaml, own.missing(name), "Set it in one of them, or give it a default: ${" + name + ":…}.");
                }
                return "";
            });
        }
        yaml.members().values().forEach(member -> everySettingHasAValue(member, own, told));
        yaml.items().forEach(item -> everySettingHasAValue(item, own, told));
    }
}
