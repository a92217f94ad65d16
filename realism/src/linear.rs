//! Logistic regression on sparse rows: what scikit-learn's `LogisticRegression(C=1)` minimises, by the same method (L-BFGS).

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use sprs::prod::{mul_acc_mat_vec_csc, mul_acc_mat_vec_csr};

use crate::features::{Matrix, Row};

/// As many steps as L-BFGS may take; these problems need a few dozen.
const MAX_STEPS: u64 = 200;
/// Where the gradient's length is below this a row, the minimum is reached.
const TOLERANCE: f64 = 1e-4;
/// How many steps L-BFGS remembers.
const MEMORY: usize = 10;

/// A fitted model.
#[derive(Debug, Clone)]
pub struct Linear {
    /// One weight a feature.
    pub weights: Vec<f64>,
    /// What is added.
    pub intercept: f64,
}

impl Linear {
    /// Fits to rows of which some are positive. Both classes weigh the same, however many rows they have (`class_weight="balanced"`).
    /// With one class only, everything is of that class.
    pub fn fit(rows: &Matrix, positive: &[bool]) -> Linear {
        let positives = positive.iter().filter(|&&positive| positive).count();
        // A class without rows weighs nothing.
        let share = |count: usize| positive.len() as f64 / (2.0 * count.max(1) as f64);
        let (of_positive, of_negative) = (share(positives), share(positive.len() - positives));
        let weight = |&positive: &bool| if positive { of_positive } else { of_negative };
        Linear::weighted(rows, positive, positive.iter().map(weight).collect())
    }

    /// Fits to rows that weigh as much as `importance` says, each: `C` of scikit-learn, if it is the same for all. With one class only,
    /// everything is of that class.
    pub fn weighted(rows: &Matrix, positive: &[bool], importance: Vec<f64>) -> Linear {
        let positives = positive.iter().filter(|&&positive| positive).count();
        let nothing = Linear { weights: vec![0.0; rows.cols()], intercept: if positives > 0 { 1.0 } else { -1.0 } };
        if positives == 0 || positives == positive.len() {
            return nothing;
        }
        let loss = Loss { rows, positive, importance, last: RefCell::default() };
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(TOLERANCE * positive.len() as f64);
        let solved = solver.and_then(|solver| {
            Executor::new(loss, solver)
                .configure(|state| state.param(vec![0.0; rows.cols() + 1]).max_iters(MAX_STEPS))
                .timer(false)
                .ctrlc(false)
                .run()
        });
        // The loss is convex, smooth and bounded below, so a descent from 0 cannot fail; should it, the model knows nothing.
        match solved.ok().and_then(|mut solved| solved.state.take_best_param()) {
            Some(mut weights) => {
                let intercept = weights.pop().unwrap_or_default();
                Linear { weights, intercept }
            }
            None => Linear { intercept: 0.0, ..nothing },
        }
    }

    /// How positive a row is: the logarithm of the odds.
    pub fn score(&self, row: &Row) -> f64 {
        self.intercept + row.dot_dense(&self.weights[..])
    }
}

/// Half the squared length of the weights and the weighted logistic losses. The last parameter is the intercept, which costs nothing.
struct Loss<'a> {
    rows: &'a Matrix,
    positive: &'a [bool],
    importance: Vec<f64>,
    /// The parameters that were asked for last and their margins: the optimiser asks for the loss and for its gradient in turn, and the
    /// product with the rows is all that costs time.
    last: RefCell<(Vec<f64>, Vec<f64>)>,
}

impl Loss<'_> {
    /// Each row's score, positive where the model is right.
    fn margins(&self, parameters: &[f64]) -> Vec<f64> {
        let mut last = self.last.borrow_mut();
        if last.0 == parameters {
            return last.1.clone();
        }
        let (intercept, weights) = parameters.split_last().unwrap_or((&0.0, &[]));
        let mut scores = vec![*intercept; self.rows.rows()];
        mul_acc_mat_vec_csr(self.rows.view(), weights, &mut scores[..]);
        scores.iter_mut().zip(self.positive).for_each(|(score, &positive)| *score = if positive { *score } else { -*score });
        *last = (parameters.to_vec(), scores.clone());
        scores
    }
}

impl CostFunction for Loss<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, parameters: &Vec<f64>) -> Result<f64, Error> {
        // ln(1 + e^-m), without overflow for a margin far below 0.
        let loss = |margin: &f64| (-margin.abs()).exp().ln_1p() + (-margin).max(0.0);
        let losses: f64 = self.margins(parameters).iter().zip(&self.importance).map(|(margin, weight)| weight * loss(margin)).sum();
        let weights = &parameters[..parameters.len() - 1];
        Ok(losses + weights.iter().map(|weight| weight * weight).sum::<f64>() / 2.0)
    }
}

impl Gradient for Loss<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, parameters: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut slopes = self.margins(parameters);
        for ((slope, &positive), weight) in slopes.iter_mut().zip(self.positive).zip(&self.importance) {
            let steepness = weight / (1.0 + slope.exp());
            *slope = if positive { -steepness } else { steepness };
        }
        let mut gradient = parameters.clone();
        let last = gradient.len() - 1;
        gradient[last] = slopes.iter().sum();
        mul_acc_mat_vec_csc(self.rows.transpose_view(), &slopes[..], &mut gradient[..last]);
        Ok(gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::matrix;

    fn row(values: &[f64]) -> Row {
        let kept = values.iter().enumerate().filter(|(_, value)| **value != 0.0);
        let (indices, values): (Vec<u32>, Vec<f64>) = kept.map(|(at, &value)| (at as u32, value)).unzip();
        Row::new(2, indices, values)
    }

    /// One feature of 1 for the only positive, of -1 for the only negative: the minimum of w²/2 + 2 ln(1 + e^-w), where w = 2 / (1 + e^w),
    /// so w = 0.6749 by bisection; by symmetry there is no intercept.
    #[test]
    fn the_minimum_is_the_one_of_the_formula() {
        let rows = [row(&[1.0, 0.0]), row(&[-1.0, 0.0])];
        let model = Linear::fit(&matrix(2, rows.iter()), &[true, false]);
        let w = model.weights[0];
        assert!((w - 2.0 / (1.0 + w.exp())).abs() < 1e-3 && (w - 0.6749).abs() < 1e-3, "{w}");
        assert!(model.intercept.abs() < 1e-3 && model.weights[1] == 0.0);
        assert!((model.score(&row(&[2.0, 5.0])) - 2.0 * w).abs() < 1e-3);
    }

    /// Three copies of the negative weigh as much as one, but for the regularisation, which the total weight of 4 loosens:
    /// w = 4 / (1 + e^w).
    #[test]
    fn both_classes_weigh_the_same() {
        let rows = [row(&[1.0, 0.0]), row(&[-1.0, 0.0]), row(&[-1.0, 0.0]), row(&[-1.0, 0.0])];
        let model = Linear::fit(&matrix(2, rows.iter()), &[true, false, false, false]);
        let w = model.weights[0];
        assert!((w - 4.0 / (1.0 + w.exp())).abs() < 1e-3 && model.intercept.abs() < 1e-3, "{w} {}", model.intercept);
    }

    #[test]
    fn with_one_class_everything_is_of_it() {
        let rows = [row(&[1.0, 0.0])];
        assert!(Linear::fit(&matrix(2, rows.iter()), &[true]).score(&rows[0]) > 0.0);
        assert!(Linear::fit(&matrix(2, rows.iter()), &[false]).score(&rows[0]) < 0.0);
    }
}
