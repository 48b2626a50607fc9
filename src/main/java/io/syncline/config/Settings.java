package io.syncline.config;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What the operator sets, by name: looked for in one place after the other. */
public final class Settings {
    private final List<Place> places;

    /**
     * @param name as a person would say it, e.g. {@code the environment}
     * @param find the value of a name, or null
     */
    public record Place(String name, UnaryOperator<String> find) {
    }

    public Settings(List<Place> places) {
        this.places = List.copyOf(places);
    }

    /** The value of a name, or null when it is in none of the places. */
    public String find(String name) {
        return places.stream().map(place -> place.find().apply(name)).filter(Objects::nonNull).findFirst().orElse(null);
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
        return name + " is not set; searched for in " + String.join(", ", places.stream().map(Place::name).toList()) + ".";
    }
}
