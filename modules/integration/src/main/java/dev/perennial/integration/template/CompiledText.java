package dev.perennial.integration.template;

import dev.perennial.domain.definition.RenderingException;
import freemarker.core.InvalidReferenceException;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template compiled for one position: rendered as often as wanted, by any thread, in
 * microseconds.
 */
public final class CompiledText {

  /** Longest rendered text, in characters after encoding. */
  static final int MAX_OUTPUT = 1024 * 1024;

  private final String where;
  private final TemplateText text;
  private final List<Path> paths;
  private final String constant;
  private final boolean literal;
  private final @Nullable BareText bare;
  private final @Nullable Template template;

  private CompiledText(String where, TemplateText text, Position position) {
    FtlSource ftl = new FtlSource(text, position);
    this.where = where;
    this.text = text;
    this.paths = ftl.paths();
    this.constant = position.literal(text.literal());
    this.literal = text.isLiteral();
    this.bare = literal ? null : BareText.of(text, position).orElse(null);
    this.template = literal || bare != null ? null : FreeMarker.compile(ftl.source(), position);
  }

  /**
   * @param where integration and JSON path, named by every message of a rendering
   */
  public static CompiledText compile(String where, TemplateText text, Position position) {
    return new CompiledText(where, text, position);
  }

  /** Integration and JSON path. */
  public String where() {
    return where;
  }

  /** What it was compiled from. */
  public TemplateText source() {
    return text;
  }

  /**
   * @throws RenderingException where a name has no value or its value may not stand here
   */
  public String render(Values values) {
    if (literal) {
      return constant;
    }
    Evaluation evaluation = new Evaluation(paths, values);
    BoundedWriter out = new BoundedWriter(MAX_OUTPUT);
    try {
      write(evaluation, out, values);
      return out.toString();
    } catch (Refused e) {
      throw problem(e.getMessage());
    }
  }

  private void write(Evaluation evaluation, BoundedWriter out, Values values) {
    if (template != null) {
      evaluate(template, evaluation, out, values);
    } else if (bare != null && !bare.write(evaluation, out)) {
      throw problem(missing(evaluation.missing(), values));
    }
  }

  private void evaluate(
      Template compiled, Evaluation evaluation, BoundedWriter out, Values values) {
    try {
      compiled.process(evaluation, out);
    } catch (InvalidReferenceException e) {
      throw problem(missing(evaluation.missing(), values));
    } catch (TemplateException e) {
      // Its message may quote a value.
      throw problem("cannot be evaluated (" + e.getClass().getSimpleName() + ")");
    } catch (IOException e) {
      throw new UncheckedIOException("a writer in memory does not fail", e);
    }
  }

  private static String missing(@Nullable Path path, Values values) {
    return path == null ? "a value is missing" : path + " has no value" + values.remedy(path);
  }

  private RenderingException problem(@Nullable String reason) {
    return new RenderingException(where + ": " + reason);
  }
}
