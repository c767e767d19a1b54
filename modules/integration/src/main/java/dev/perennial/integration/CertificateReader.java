package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Position;
import java.util.Optional;

/** Reads {@code client_certificate} (RFC 8705). */
record CertificateReader(Templates templates) {

  Optional<CertificateTemplate> read(Json.Obj object) {
    Fields fields = new Fields(object);
    Optional<CompiledText> certificate = fields.text("certificate").flatMap(this::compiled);
    Optional<CompiledText> key = fields.text("key").flatMap(this::compiled);
    return certificate.flatMap(c -> key.map(k -> new CertificateTemplate(c, k)));
  }

  private Optional<CompiledText> compiled(Json.Text text) {
    return templates
        .read(text, Stage.CERTIFICATE, false)
        .map(
            template -> CompiledText.compile(templates.where(text.at()), template, Position.PLAIN));
  }
}
