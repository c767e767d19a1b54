package dev.perennial.integration.template;

import freemarker.core.CommonMarkupOutputFormat;
import freemarker.core.CommonTemplateMarkupOutputModel;
import freemarker.template.TemplateModelException;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes FreeMarker encode every value for its {@link Position} by itself. Thread-safe. */
final class PositionFormat extends CommonMarkupOutputFormat<PositionFormat.Encoded> {
  private final Position position;

  PositionFormat(Position position) {
    this.position = position;
  }

  @Override
  public String getName() {
    return "perennial-" + position.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public @Nullable String getMimeType() {
    return null;
  }

  @Override
  public void output(String text, Writer out) throws IOException, TemplateModelException {
    out.write(position.value(text));
  }

  @Override
  public String escapePlainText(String text) {
    return position.value(text);
  }

  /** Off: our own grammar has no built-ins, so nothing may switch encoding off by one. */
  @Override
  public boolean isLegacyBuiltInBypassed(String name) {
    return false;
  }

  @Override
  protected Encoded newTemplateMarkupOutputModel(String plain, String markup) {
    return new Encoded(this, plain, markup);
  }

  /** A value that is encoded already. */
  static final class Encoded extends CommonTemplateMarkupOutputModel<Encoded> {
    private final PositionFormat format;

    private Encoded(PositionFormat format, String plain, String markup) {
      super(plain, markup);
      this.format = format;
    }

    @Override
    public CommonMarkupOutputFormat<Encoded> getOutputFormat() {
      return format;
    }
  }
}
