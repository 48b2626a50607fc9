package io.syncline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged jar as its operators run it: by {@code bin/syncline}, and unpacked by its own tool, which halves what a start costs. */
public final class PackagedProduct {
    public static final Path JAR = Path.of("target/syncline.jar").toAbsolutePath();
    private static final String SCRIPT = Path.of("bin/syncline").toAbsolutePath().toString();
    private static Path link;

    private PackagedProduct() {
    }

    /** The jar that the script is to be told of; unpacked beside it, once for all tests of a JVM. */
    public static synchronized Path jar() {
        if (link == null) {
            try {
                Path folder = Files.createTempDirectory("syncline-unpacked");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                link = Files.createSymbolicLink(folder.resolve(JAR.getFileName()), JAR);
                unpack(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return link;
    }

    /** What {@code java -jar} takes where a test says itself what Java gets. */
    public static Path unpacked() {
        return jar().resolveSibling("syncline").resolve(JAR.getFileName());
    }

    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The script with these words, from its own process on: whoever ends that ends the product. */
    static ProcessBuilder script(Path jar, String... words) {
        List<String> command = new ArrayList<>(List.of(SCRIPT));
        command.addAll(Arrays.asList(words));
        ProcessBuilder script = new ProcessBuilder(command).redirectErrorStream(true);
        script.environment().putAll(settings(jar));
        return script;
    }

    /** What a shell needs in which pages call {@code syncline}. */
    static Map<String, String> settings(Path jar) {
        String java = System.getProperty("java.home");
        return Map.of("JAVA_HOME", java, "PATH", java + "/bin:" + System.getenv("PATH"), "SYNCLINE_JAR", jar.toString());
    }

    /** The words that a shell begins with for pages that write {@code syncline} for the script. */
    static String asSyncline() {
        return "syncline() { \"%s\" \"$@\"; }\n".formatted(SCRIPT);
    }

    private static void unpack(Path folder) throws IOException, InterruptedException {
        Path said = folder.resolve("unpacked.log");
        Process tool = new ProcessBuilder(java(), "-Djarmode=tools", "-jar", JAR.toString(), "extract", "--destination", folder.resolve("syncline").toString())
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        if (!tool.waitFor(120, TimeUnit.SECONDS) || tool.exitValue() != 0) {
            throw new IOException("the packaged jar could not be unpacked: " + Files.readString(said));
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((one, other) -> other.compareTo(one)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
