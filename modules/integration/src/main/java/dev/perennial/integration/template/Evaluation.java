package dev.perennial.integration.template;

import freemarker.template.TemplateHashModel;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateScalarModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The data model of one rendering: {@code p0}, {@code p1}, … and the functions, nothing else. Used
 * by one thread, once.
 */
final class Evaluation implements TemplateHashModel {

  /** What all names of one text may bring into it together, in characters. */
  private static final int BUDGET = 1024 * 1024;

  private final List<Path> paths;
  private final Values values;
  private int spent;
  private @Nullable Path missing;

  Evaluation(List<Path> paths, Values values) {
    this.paths = paths;
    this.values = values;
  }

  /** The name that was last found without a value. */
  @Nullable Path missing() {
    return missing;
  }

  /**
   * The text of a name's value; null where it has none.
   *
   * @throws Refused where the value is no text, or there is too much of it
   */
  @Nullable String text(Path path) {
    Value value = named(path);
    return value == null ? null : value.getAsString();
  }

  @Override
  public @Nullable TemplateModel get(String key) {
    if (key.equals(FtlSource.AT)) {
      return (TemplateMethodModelEx) this::at;
    }
    if (key.startsWith(FtlSource.FUNCTION)) {
      String name = key.substring(FtlSource.FUNCTION.length()).toUpperCase(Locale.ROOT);
      Function function = Function.valueOf(name);
      return (TemplateMethodModelEx) arguments -> call(function, arguments);
    }
    return named(paths.get(Integer.parseInt(key.substring(1))));
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  private @Nullable Value named(Path path) {
    Object value = values.find(path);
    if (value == null) {
      missing = path;
      return null;
    }
    return new Value(value, path);
  }

  private @Nullable Object at(List<?> arguments) {
    Object key = arguments.get(1);
    if (arguments.getFirst() instanceof Value from && key instanceof TemplateScalarModel scalar) {
      String shown = from.name + "[" + string(scalar) + "]";
      return model(JsonValues.part(from.value, string(scalar)), shown);
    }
    return null;
  }

  /** A missing argument makes the result missing, so that a default may stand in. */
  private @Nullable Object call(Function function, List<?> arguments) {
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument == null) {
        return null;
      }
      texts.add(bounded(string((TemplateScalarModel) argument), function));
    }
    return model(Functions.call(function, texts, values.random()), function.text() + "()");
  }

  private @Nullable TemplateModel model(@Nullable Object value, String name) {
    if (value == null) {
      missing = new Path(List.of(name));
      return null;
    }
    return new Value(value, name);
  }

  private static String string(TemplateScalarModel scalar) {
    try {
      return scalar.getAsString();
    } catch (freemarker.template.TemplateModelException e) {
      throw new IllegalStateException("neither our values nor literals throw this", e);
    }
  }

  private static String bounded(String text, Function function) {
    if (text.length() > JsonValues.MAX_TEXT) {
      throw new Refused(
          function.text() + ": an argument is longer than " + JsonValues.MAX_TEXT + " characters");
    }
    return text;
  }

  private String spend(String text) {
    spent += text.length();
    if (spent > BUDGET) {
      throw new Refused("the values are longer than " + BUDGET + " characters together");
    }
    return text;
  }

  /** Turned into text only where text is wanted: a list can still be looked into. */
  private final class Value implements TemplateScalarModel {
    private final Object value;
    private final Object name;

    /**
     * @param name in messages, where it is turned into text
     */
    Value(Object value, Object name) {
      this.value = value;
      this.name = name;
    }

    @Override
    public String getAsString() {
      return spend(JsonValues.text(value, name));
    }
  }
}
