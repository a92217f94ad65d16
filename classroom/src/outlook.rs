//! What may be expected of a class: by student, whether the exercises are equally hard; by exercise, what the built-in detector would earn.

use serde::{Deserialize, Serialize};

/// What may be expected of one exercise of one student, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// Of the model of a reader ([`crate::reader`]).
    pub expected: f64,
    /// Of the built-in detector.
    pub detector: f64,
    /// Whether the document has the shape that all students' documents have.
    pub alike: bool,
}

/// Mean and spread of some figures, added up without keeping them (Welford).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// The sum of squared distances from the mean.
    squares: f64,
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

impl Spread {
    /// One figure more.
    pub fn add(&mut self, figure: f64) {
        self.count += 1;
        let before = figure - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (figure - self.mean);
        (self.lowest, self.highest) = if self.count == 1 { (figure, figure) } else { (self.lowest.min(figure), self.highest.max(figure)) };
    }

    /// The standard deviation of the figures themselves, which are the whole class and no sample of one.
    pub fn deviation(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.squares.max(0.0) / self.count as f64).sqrt() }
    }
}

/// All students' outlooks, in memory that does not grow with the class.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outlooks {
    /// Of the mean over a student's exercises, by the model.
    pub students: Spread,
    /// By exercise: the expected mark.
    pub expected: Vec<Spread>,
    /// By exercise: the detector's mark.
    pub detector: Vec<Spread>,
    /// Documents that have not the shape of the others.
    pub unlike: u64,
}

impl Outlooks {
    /// One student more.
    pub fn add(&mut self, outlook: &[Outlook]) {
        self.expected.resize(outlook.len().max(self.expected.len()), Spread::default());
        self.detector.resize(outlook.len().max(self.detector.len()), Spread::default());
        for (index, one) in outlook.iter().enumerate() {
            self.expected[index].add(one.expected);
            self.detector[index].add(one.detector);
            self.unlike += u64::from(!one.alike);
        }
        if !outlook.is_empty() {
            self.students.add(outlook.iter().map(|one| one.expected).sum::<f64>() / outlook.len() as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_deviation_are_those_of_the_figures() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared distances 9+1+1+1+0+0+4+16 = 32, so the deviation is 2.
        let mut spread = Spread::default();
        [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().for_each(|figure| spread.add(figure));
        assert_eq!((spread.mean, spread.deviation(), spread.lowest, spread.highest), (5.0, 2.0, 2.0, 9.0));
        let mut all = Outlooks::default();
        let one = |expected, alike| Outlook { expected, detector: 10.0, alike };
        all.add(&[one(40.0, true), one(60.0, true)]);
        all.add(&[one(80.0, false), one(60.0, true)]);
        assert_eq!((all.students.mean, all.students.deviation(), all.unlike), (60.0, 10.0, 1));
        assert_eq!((all.expected[0].mean, all.detector[1].deviation()), (60.0, 0.0));
    }
}
