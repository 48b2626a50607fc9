package io.syncline.config;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * What the operator sets, by name: looked for in one place after the other. Those of an organisation other than {@code default} carry its name in front,
 * {@code ACME_CRM_URL} for {@code CRM_URL}; what is not set for it is never taken from another.
 */
public final class Settings {
    static final String DEFAULT = "default";

    private final List<Place> places;
    private final String prefix;

    /**
     * @param name as a person would say it, e.g. {@code the environment}
     * @param find the value of a name, or null
     */
    public record Place(String name, UnaryOperator<String> find) {
    }

    public Settings(List<Place> places) {
        this(places, "");
    }

    private Settings(List<Place> places, String prefix) {
        this.places = List.copyOf(places);
        this.prefix = prefix;
    }

    /** Those of an organisation. */
    Settings of(String organisation) {
        return new Settings(places, organisation.equals(DEFAULT) ? "" : organisation.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_");
    }

    /** What a name is called in the places that are searched. */
    String called(String name) {
        return prefix + name;
    }

    /** The value of a name, or null when it is in none of the places. */
    public String find(String name) {
        return places.stream().map(place -> place.find().apply(called(name))).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /**
     * The text with every {@code ${NAME}} and {@code ${NAME:default}} filled.
     *
     * @throws MissingSetting when one has neither a value nor a default
     */
    public String fill(String text) {
        return Placeholders.fill(text, this::find, name -> {
            throw new MissingSetting(missing(name));
        });
    }

    /** Says that a name has no value and which places were searched for it. */
    String missing(String name) {
        return called(name) + " is not set; searched for in " + String.join(", ", places.stream().map(Place::name).toList()) + ".";
    }
}
