package dev.perennial.bench.figure;

import dev.perennial.bench.figure.Figure.Kind;
import dev.perennial.bench.figure.Target.Wanted;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures as a file: {@code {"machine": {…}, "figures": [{"name", "unit", "median", "min", "max",
 * "compared", "bar", "goal", "wanted"}]}}, one figure a line, so that a difference can be read.
 */
public final class FigureFile {
  private FigureFile() {}

  /** The file cannot be used. The message names it. */
  public static final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  public static void write(
      Path file, Map<String, ? extends @Nullable Object> machine, List<Figure> figures) {
    StringBuilder text = new StringBuilder("{\"machine\": ");
    text.append(json(machine)).append(",\n \"figures\": [\n");
    for (int i = 0; i < figures.size(); i++) {
      text.append("  ").append(json(members(figures.get(i))));
      text.append(i + 1 < figures.size() ? ",\n" : "\n");
    }
    try {
      Files.writeString(file, text.append(" ]}\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private static String json(Map<String, ? extends @Nullable Object> members) {
    return new String(JsonObjects.write(members), StandardCharsets.UTF_8);
  }

  private static Map<String, @Nullable Object> members(Figure figure) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("name", figure.name());
    members.put("unit", figure.unit());
    members.put("median", rounded(figure.value().median()));
    members.put("min", rounded(figure.value().least()));
    members.put("max", rounded(figure.value().most()));
    members.put("compared", figure.kind() == Kind.COMPARABLE);
    Target target = figure.target();
    if (target != null) {
      members.put("bar", target.bar());
      members.put("goal", target.goal());
      members.put("wanted", target.wanted() == Wanted.HIGH ? "high" : "low");
    }
    return members;
  }

  private static double rounded(double value) {
    return Double.parseDouble(Figure.number(value));
  }

  /**
   * @throws UnusableException where it cannot be read
   */
  public static List<Figure> read(Path file) {
    try {
      Map<String, @Nullable Object> all = JsonObjects.read(Files.readAllBytes(file));
      if (!(all.get("figures") instanceof List<?> list)) {
        throw new UnusableException(file + " has no figures in it");
      }
      List<Figure> figures = new ArrayList<>();
      for (Object one : list) {
        if (!(one instanceof Map<?, ?> members)) {
          throw new UnusableException(file + ": a figure is no object");
        }
        figures.add(figure(file, members));
      }
      return figures;
    } catch (IOException e) {
      throw new UnusableException(file + " cannot be read: " + e.getMessage());
    } catch (MalformedJsonException e) {
      throw new UnusableException(file + " is not a file of figures: " + e.getMessage());
    }
  }

  private static Figure figure(Path file, Map<?, ?> members) {
    Spread value =
        new Spread(
            number(file, members, "median"),
            number(file, members, "min"),
            number(file, members, "max"));
    return new Figure(
        text(file, members, "name"),
        text(file, members, "unit"),
        value,
        Boolean.TRUE.equals(members.get("compared")) ? Kind.COMPARABLE : Kind.LOCAL,
        members.containsKey("bar") ? target(file, members) : null);
  }

  private static Target target(Path file, Map<?, ?> members) {
    double bar = number(file, members, "bar");
    double goal = number(file, members, "goal");
    return text(file, members, "wanted").equals("high")
        ? Target.atLeast(bar, goal)
        : Target.atMost(bar, goal);
  }

  private static double number(Path file, Map<?, ?> members, String name) {
    if (members.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new UnusableException(file + ": " + members.get("name") + " has no number " + name);
  }

  private static String text(Path file, Map<?, ?> members, String name) {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw new UnusableException(file + ": a figure without " + name);
  }
}
