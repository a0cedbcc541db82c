//! The way back through the network: losses, then nodes in reverse order.

use crate::network::{Origin, Target};
use crate::running::runner::{BatchRun, disturbance, port, ports, signal};
use crate::{Network, Runner};
use std::ops::Range;
use tanren_plugin::engine::{Deferred, Outer};
use tanren_plugin::{
    Backward, BlockKind, BlockView, Downstream, Grads, LossGradient, Params, Pass, Precision,
};
use tanren_tensor::{
    Indices, Input, Mat, Real, SignalMut, Write, add_scaled, mat, sum, transposed,
};

/// The way back through one node.
pub(crate) struct NodeBackward<'a, T> {
    /// All parameters of the network.
    pub(crate) parameters: &'a [T],
    /// All of the gradient.
    pub(crate) gradient: &'a mut [T],
    /// What the node's forward pass started from.
    pub(crate) carry: Option<&'a [T]>,
    /// Where products may be left for later.
    pub(crate) deferred: Option<&'a Deferred>,
}

impl<T: Precision> Runner<T> {
    /// After a run: the batch's loss and, if `training`, the gradient at every output.
    ///
    /// The loss of one output is `Σ w l` over its columns, divided by its divisor, which is `Σ w` unless
    /// workers share the batch; outputs add up by their weight.
    pub(crate) fn losses(
        &mut self,
        network: &Network,
        run: &BatchRun<'_, T>,
        training: bool,
    ) -> f64 {
        let extent = run.batch.extent;
        let mut total = 0.0;
        self.sums.clear();
        for (k, output) in network.outputs.iter().enumerate() {
            let node = &network.nodes[output.node];
            let columns = extent.columns(node.shape);
            let given = run.batch.weights.of(node.shape);
            let weights = &mut self.weights[..columns];
            let divisor = self.divisors[k];
            normalize(quotient(output.weight, divisor), given, weights);
            let values = &mut self.values[..columns];
            let wanted = training && node.trains;
            let gradient = match output.write {
                Write::Overwrite => self.gradients[output.node].as_mut_slice(),
                Write::Add => self.extra.as_mut_slice(),
            };
            let gradient = wanted.then(|| {
                let out = &mut gradient[..extent.len(node.shape)];
                LossGradient { weights, out: SignalMut::new(out, node.shape.features) }
            });
            let outputs = signal(&self.signals[output.node], node.shape, extent);
            let kernel = output.loss.kernels().at::<T>();
            let inputs = (&run.batch.inputs, self.cleared.as_slice());
            let other = |source| port(&source, inputs, network, &self.signals, extent);
            let target = match output.from {
                Target::Data(i) => run.batch.targets[i],
                Target::Input(i) => other(Origin::Input(i)),
                Target::Node(i) => other(Origin::Node(i)),
                Target::Nothing => Input::Indices(Indices { data: &[], levels: 0 }),
            };
            kernel.evaluate(outputs, target, values, gradient);

            let (weighted, sum) = weigh(values, given);
            self.sums.push((weighted, sum));
            total += quotient(output.weight * weighted, divisor);
            if wanted {
                self.finish_gradient(network, k, run);
            }
        }
        total
    }

    /// After the losses: what the layers' own terms add to the batch's loss.
    pub(crate) fn terms(&mut self, network: &Network) -> f64 {
        self.sums.extend_from_slice(&self.terms);
        let divisors = &self.divisors[network.outputs.len()..];
        let terms = network.terms().zip(&self.terms).zip(divisors);
        terms.map(|(((_, weight), (sum, _)), &divisor)| quotient(weight * sum, divisor)).sum()
    }

    /// Clears the gradient of padding, and adds it to that of earlier losses of the same node.
    fn finish_gradient(&mut self, network: &Network, k: usize, run: &BatchRun<'_, T>) {
        let output = &network.outputs[k];
        let shape = network.nodes[output.node].shape;
        let len = run.batch.extent.len(shape);
        let add = output.write == Write::Add;
        let target = if add { &mut self.extra } else { &mut self.gradients[output.node] };
        if let Some(weights) = run.batch.weights.of(shape) {
            for (column, w) in target[..len].chunks_exact_mut(shape.features).zip(weights) {
                if *w == T::ZERO {
                    column.fill(T::ZERO);
                }
            }
        }
        if add {
            let sum = &mut self.gradients[output.node][..len];
            add_scaled(Write::Add, T::ONE, &self.extra[..len], sum);
        }
    }

    /// The backward pass of node `i`: gradients of its blocks into `gradient`, of its inputs into
    /// the buffers of the nodes below.
    pub(crate) fn node_backward(
        &mut self,
        network: &Network,
        i: usize,
        run: &BatchRun<'_, T>,
        back: NodeBackward<'_, T>,
    ) {
        let NodeBackward { parameters, gradient, carry, deferred } = back;
        let (node, extent) = (&network.nodes[i], run.batch.extent);
        let given = (&run.batch.inputs, self.cleared.as_slice());
        let inputs = ports(&node.sources, given, network, &self.signals, extent);
        let (below, rest) = self.gradients.split_at_mut(i);
        let pass = run.pass(node).by(&*self.products);
        let memory = self.memory[i];
        let noisy = !self.noisy[i].is_empty();
        if noisy {
            // A statistic is no weight: the node finds its value there and leaves the next one.
            let statistic = |(v, _): &(&BlockView, _)| v.kind == BlockKind::Statistic;
            for (view, part) in packed(&node.views).filter(statistic) {
                self.noisy_gradient[part].copy_from_slice(&gradient[view.range.clone()]);
            }
        }
        let (mut params, mut grads) =
            (Params::new(parameters, &node.views), Grads::new(gradient, &node.views));
        if noisy {
            params = params.packed(&self.noisy[i]);
            grads = grads.packed(&mut self.noisy_gradient);
        }
        let output = signal(&self.signals[i], node.shape, extent);
        let upstream = &mut rest[0][..extent.len(node.shape)];
        if !node.judged {
            upstream.fill(T::ZERO);
        }
        let term: &[T] = match node.term {
            None => &[],
            Some(weight) => {
                let weights = &mut self.weights[..extent.columns(node.shape)];
                let place = network.terms().take_while(|&(node, _)| node < i).count();
                let factor = quotient(weight, self.divisors[network.outputs.len() + place]);
                normalize(factor, run.batch.weights.of(node.shape), weights);
                weights
            }
        };
        let upstream = SignalMut::new(upstream, node.shape.features);
        let backward = Backward::new(&pass, params, &inputs, output, upstream)
            .tape(&mut self.tapes[i][..memory.tape])
            .scratch(&mut self.scratch[..memory.scratch])
            .carry(carry.map(|carry| mat(carry, node.carry, extent.examples)))
            .downstream(Downstream::new(below, &node.edges, extent))
            .grads(grads)
            .term(term)
            .states(self.states.begin(node, i, extent.steps))
            .deferred(deferred);
        node.layer.kernels().at::<T>().backward(backward);
        if noisy {
            self.undisturb(network, i, &run.pass(node), gradient);
        }
    }

    /// The operands of a product that the backward pass of node `i` has left for later.
    pub(crate) fn operands<'b>(
        &'b self,
        network: &Network,
        i: usize,
        outer: Outer,
        run: &BatchRun<'b, T>,
    ) -> (Mat<'b, T>, Mat<'b, T>) {
        let (node, extent) = (&network.nodes[i], run.batch.extent);
        let given = (&run.batch.inputs, self.cleared.as_slice());
        let x = port(&node.sources[outer.input], given, network, &self.signals, extent).dense();
        let z = signal(&self.gradients[i], node.shape, extent);
        (z.matrix(), transposed(x.matrix()))
    }

    /// Turns the packed gradient of a noisy node into that of its true blocks.
    fn undisturb(&mut self, network: &Network, i: usize, pass: &Pass<'_, T>, gradient: &mut [T]) {
        let node = &network.nodes[i];
        let views = packed(&node.views).zip(&node.noise);
        for ((view, part), noises) in views.filter(|((view, _), _)| !view.fixed) {
            let (part, all) = (&mut self.noisy_gradient[part], view.range.clone());
            let block = &network.layout.blocks()[view.block];
            if view.kind == BlockKind::Statistic {
                gradient[all].copy_from_slice(part);
                continue;
            }
            for (k, noise) in noises.iter().enumerate().rev() {
                noise.kernels().at::<T>().differentiate(&disturbance(pass, k), block, part);
            }
            add_scaled(view.write, T::ONE, part, &mut gradient[all]);
        }
    }
}

/// What a part of the loss adds: nothing where none of its columns count.
pub(crate) fn quotient(sum: f64, divisor: f64) -> f64 {
    if divisor == 0.0 { 0.0 } else { sum / divisor }
}

/// The weight of each column, times a factor.
pub(crate) fn normalize<T: Real>(factor: f64, given: Option<&[T]>, weights: &mut [T]) {
    match given {
        None => weights.fill(T::of(factor)),
        Some(w) => add_scaled(Write::Overwrite, T::of(factor), w, weights),
    }
}

/// Σ w v and Σ w.
pub(crate) fn weigh<T: Real>(values: &[f64], given: Option<&[T]>) -> (f64, f64) {
    // A column of weight 0 is padding: whatever it holds, even NaN, it counts nothing.
    let weighted = |(n, &v): (usize, &f64)| match given {
        None => v,
        Some(w) if w[n] == T::ZERO => 0.0,
        Some(w) => w[n].f64() * v,
    };
    let weighted = values.iter().enumerate().map(weighted).sum();
    (weighted, given.map_or(values.len() as f64, sum))
}

/// The views of a node with their places in a packed vector, one after the other.
fn packed(views: &[BlockView]) -> impl Iterator<Item = (&BlockView, Range<usize>)> {
    views.iter().scan(0, |at, view| {
        let start = *at;
        *at += view.range.len();
        Some((view, start..*at))
    })
}
