package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The price lists of three vendors, each in its own way of writing, for materials of a sandbox. */
public final class VendorFiles {
    private VendorFiles() {
    }

    /** Writes those that the demo ships, for the sandbox of the demo. */
    public static void main(String[] folder) throws IOException {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT)) {
            write(Path.of(folder[0]), sandbox);
        }
    }

    /** Twelve, ten and eight lines; the last of each is of a material that is not there. */
    public static void write(Path folder, ServiceTitanSandbox sandbox) throws IOException {
        Files.createDirectories(folder);
        List<ObjectNode> materials = sandbox.snapshot(Entity.MATERIALS).values().stream().filter(material -> material.path("active").asBoolean())
                .filter(material -> !material.path("displayName").asText("").isEmpty()).limit(30).toList();
        List<String> ced = new ArrayList<>(List.of("Catalog Number,Description,Net Price,UOM,Customer Part"));
        materials.subList(0, 11).forEach(material -> ced.add("CED-" + (10_000 + id(material)) + ",\"" + name(material) + "\",\"$" + cents(material, 100)
                + "\",EA," + code(material)));
        ced.add("CED-99999,Discontinued reel,12.00,EA,NO-SUCH-PART");
        List<String> pool = new ArrayList<>(List.of("Artikel;Bezeichnung;Preis;Einheit;Kundennummer"));
        materials.subList(5, 14).forEach(material -> pool.add("P" + id(material) + ";" + name(material) + ";1." + cents(material, 90).replace('.', ',')
                + ";Stück;" + code(material)));
        pool.add("P0;Düse;4,50;Stück;NO-SUCH-PART");
        List<String> depot = new ArrayList<>(List.of("SKU,Product,Price,Your Code"));
        materials.subList(10, 17).forEach(material -> depot.add("1000" + id(material) + ",\"" + name(material) + "\"," + cents(material, 110) + ","
                + code(material)));
        depot.add("10009999,\"Hammer, 16 oz\",19.98,NO-SUCH-PART");
        lines(folder.resolve("ced-2026-11.csv"), ced, StandardCharsets.UTF_8);
        lines(folder.resolve("pool360-2026-11.csv"), pool, Charset.forName("windows-1252"));
        lines(folder.resolve("homedepot-2026-11.csv"), depot, StandardCharsets.UTF_8);
    }

    private static void lines(Path file, List<String> lines, Charset charset) throws IOException {
        Files.write(file, (String.join("\r\n", lines) + "\r\n").getBytes(charset));
    }

    private static long id(ObjectNode material) {
        return material.path("id").asLong();
    }

    private static String code(ObjectNode material) {
        return material.path("code").asText();
    }

    private static String name(ObjectNode material) {
        return material.path("displayName").asText().replaceAll("[^ -~]", "").replace("\"", "");
    }

    /** A price between 100 and 999, always the same for a material. */
    private static String cents(ObjectNode material, int part) {
        long cents = 10_000 + id(material) * 7919 * part % 90_000;
        return cents / 100 + "." + String.format("%02d", cents % 100);
    }
}
