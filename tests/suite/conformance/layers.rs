//! Every layer we have, with inputs that it accepts.

use tanren::layers::{
    ActivationLayer, Add, AlphaDropout, BatchNorm, Bidirectional, CausalConvolution, Concatenate,
    Dense, Dropout, Embedding, GaussianDropout, GaussianNoise, Gelu, Gru, HeNormal, LastStep,
    LayerNorm, LeakyRelu, LogSoftmax, Lstm, Maxout, Merge, Pooling, Prelu, RationalTanh, Relu,
    Repeat, Reverse, Rnn, Rrelu, Sigmoid, Softmax, Softmin, Softsign, SpatialDropout, Tanh,
    TimePooling,
};
use tanren::plugin::{Layer, Plugin};
use tanren::tensor::Shape;

pub(crate) fn layers() -> Vec<(Plugin<dyn Layer>, Vec<Shape>)> {
    let (vector, sequence, index) = (Shape::vector(3), Shape::sequence(4), Shape::index(5));
    let levels = Shape { sequence: true, ..index };
    // Activations whose derivatives need their inputs.
    let kept = |lstm| Lstm {
        activation: RationalTanh {}.into(),
        gate_activation: Softsign {}.into(),
        ..lstm
    };
    vec![
        (Dense::new(4).into(), vec![vector]),
        (Dense::new(1).activation(Tanh {}).into(), vec![sequence]),
        (Dense::new(3).activation(Relu {}).init(HeNormal {}).into(), vec![index]),
        (Dense::new(2).activation(Sigmoid {}).without_bias().into(), vec![Shape::image(2, 3, 1)]),
        (ActivationLayer::new(LeakyRelu::default()).into(), vec![sequence]),
        (Softmax {}.into(), vec![vector]),
        (Softmin {}.into(), vec![vector]),
        (LogSoftmax {}.into(), vec![sequence]),
        (Maxout { pieces: 3 }.into(), vec![vector]),
        (Maxout::default().into(), vec![sequence]),
        (Rrelu::default().into(), vec![vector]),
        (Rrelu::default().into(), vec![sequence]),
        (Dropout::drop(0.3).into(), vec![vector]),
        (Dropout::keep(0.6).into(), vec![sequence]),
        (SpatialDropout::drop(0.3).into(), vec![sequence]),
        (SpatialDropout::keep(0.5).into(), vec![Shape::image(2, 3, 4)]),
        (AlphaDropout::drop(0.3).into(), vec![sequence]),
        (GaussianDropout::drop(0.3).into(), vec![sequence]),
        (GaussianNoise::default().into(), vec![sequence]),
        (BatchNorm::default().into(), vec![vector]),
        (BatchNorm { correct_start: false, ..BatchNorm::default() }.into(), vec![sequence]),
        (BatchNorm { scale: false, ..BatchNorm::default() }.into(), vec![Shape::image(2, 3, 2)]),
        (BatchNorm { shift: false, frozen: true, ..BatchNorm::default() }.into(), vec![sequence]),
        (LayerNorm::default().into(), vec![vector]),
        (LayerNorm { scale: false, ..LayerNorm::default() }.into(), vec![sequence]),
        (LayerNorm { shift: false, ..LayerNorm::default() }.into(), vec![Shape::image(2, 2, 2)]),
        (Dense::new(3).activation(Prelu::default()).into(), vec![vector]),
        (Rnn::new(3).into(), vec![sequence]),
        (Rnn { activation: Gelu::default().into(), ..Rnn::new(2) }.into(), vec![levels]),
        (Lstm::new(3).into(), vec![sequence]),
        (Lstm::new(2).with_peepholes().into(), vec![levels]),
        (kept(Lstm::new(2)).into(), vec![sequence]),
        (kept(Lstm::new(2).with_peepholes()).into(), vec![sequence]),
        (Gru::new(3).into(), vec![sequence]),
        (Gru { activation: RationalTanh {}.into(), ..Gru::new(2) }.into(), vec![levels]),
        (Gru::new(2).reset_before().into(), vec![levels]),
        (
            Gru { gate_activation: Softsign {}.into(), ..Gru::new(3).reset_before() }.into(),
            vec![sequence],
        ),
        (Rnn::new(3).recurrent_dropout(0.4).into(), vec![sequence]),
        (Lstm::new(3).recurrent_dropout(0.3).with_peepholes().into(), vec![sequence]),
        (Gru::new(3).recurrent_dropout(0.5).into(), vec![levels]),
        (Rnn::new(3).with_layer_norm().into(), vec![sequence]),
        (Gru::new(3).with_layer_norm().into(), vec![sequence]),
        (Lstm::new(3).with_layer_norm().with_peepholes().into(), vec![sequence]),
        (kept(Lstm::new(2).with_layer_norm()).into(), vec![levels]),
        (Gru::new(3).reset_before().recurrent_dropout(0.5).into(), vec![sequence]),
        (Bidirectional::new(Lstm::new(2)).into(), vec![sequence]),
        (Bidirectional::new(Lstm::new(2).recurrent_dropout(0.5)).into(), vec![sequence]),
        (Bidirectional::new(Rnn::new(2)).merge(Merge::Add).into(), vec![sequence]),
        (Bidirectional::new(Gru::new(2)).merge(Merge::Multiply).into(), vec![sequence]),
        (Bidirectional::new(Dense::new(2)).merge(Merge::Average).into(), vec![sequence]),
        (Embedding::new(3).into(), vec![index]),
        (Embedding::new(2).into(), vec![levels]),
        (CausalConvolution::new(3, 1).into(), vec![sequence]),
        (CausalConvolution::new(2, 3).activation(Tanh {}).into(), vec![sequence]),
        (CausalConvolution::new(3, 2).dilation(2).without_bias().into(), vec![sequence]),
        (
            CausalConvolution::new(3, 3).dilation(3).activation(Prelu::default()).into(),
            vec![sequence],
        ),
        (LastStep {}.into(), vec![sequence]),
        (TimePooling::default().into(), vec![sequence]),
        (TimePooling { pooling: Pooling::Sum }.into(), vec![sequence]),
        (TimePooling { pooling: Pooling::Max }.into(), vec![sequence]),
        (Reverse {}.into(), vec![sequence]),
        (Repeat {}.into(), vec![vector]),
        (Add {}.into(), vec![vector, vector, vector]),
        (Concatenate {}.into(), vec![sequence, Shape::sequence(2)]),
    ]
}
